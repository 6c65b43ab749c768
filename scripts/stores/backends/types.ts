/** A server, or a kind of file, in which stores keep their sessions. */
export interface Backend {
  /** Its name and version: 'PostgreSQL 15.18'. */
  readonly words: string;
  /** An empty part of it that nothing else uses. */
  place(): Promise<Place>;
  /** Stops it and deletes its files. */
  stop(): Promise<void>;
}

/** An empty part of a backend: a database, a server, a folder. */
export interface Place {
  /** Its URL without a proxy, or its folder. */
  readonly url: string;
  /** Whether it is reached over the network. */
  readonly isServer: boolean;
  /** Whether it deletes expired records by itself, as Redis and memcached do. */
  readonly ends?: true;
  /** Everything that is stored there, as text: names, values and expiry times. */
  dump(): Promise<string>;
  /** Stores a word that belongs to no store, as another program's data. Only on servers. */
  putOther?(word: string): Promise<void>;
  /** Runs SQL statements, as a migration does. Only when there is a program for it. */
  run?(sql: string): Promise<void>;
  /** The names of everything besides sessions: tables and indexes. */
  schema(): Promise<string[]>;
  /** For files: moves the folder away and back. An empty one also cannot be made again meanwhile. Servers have a proxy for that. */
  away?(): void;
  back?(): void;
  remove(): Promise<void>;
}

/** A backend that this machine lacks. */
export interface Missing {
  /** The reason: 'there is no memcached on the PATH'. */
  readonly missing: string;
  /** How to get it, one line each. */
  readonly how: readonly string[];
}

export type BackendName =
  | 'memory'
  | 'files'
  | 'mongo'
  | 'redis'
  | 'valkey'
  | 'memcached'
  | 'postgres'
  | 'mariadb';
