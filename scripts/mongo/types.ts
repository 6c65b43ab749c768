/** `mongod` is the real server, `embedded` the one inside this process. */
export type EngineKind = 'mongod' | 'embedded';
/** `auto` is mongod when one is on the machine or can be downloaded now, else the embedded engine. */
export type EngineChoice = EngineKind | 'auto';

/** A running in-memory Mongo. It is empty when it starts. */
export interface Mongo {
  readonly kind: EngineKind;
  /** The server's version, such as 8.2.6; for `embedded` the one whose behaviour it follows. */
  readonly version: string;
  /** mongodb://127.0.0.1:PORT/, without a database. */
  readonly uri: string;
  /** One line when `auto` found no mongod. */
  readonly note?: string;
  /** Removes what its TTL indexes remove by `now`, so that no check waits. @returns how many documents of `shop` it removed */
  sweep(now: Date): Promise<number>;
  /** Stops it and deletes its files. */
  stop(): Promise<void>;
}
