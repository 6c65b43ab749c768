/** A server, or a kind of file, that stores keep their sessions in. */
export interface Backend {
  /** Its name and version: 'PostgreSQL 15.18'. */
  readonly words: string;
  /** An empty part of it, which nothing else uses. */
  place(): Promise<Place>;
  /** Ends it, and removes its files. */
  stop(): Promise<void>;
}

/** An empty part of a backend: a database, a server, a folder. */
export interface Place {
  /** Where it is, without a proxy: a URL, or a folder. */
  readonly url: string;
  /** Whether it is reached over the network. */
  readonly isServer: boolean;
  /** Whether it removes what has ended by itself, as Redis and memcached do. */
  readonly ends?: true;
  /** Everything that is stored there, as text: names, values, and when they end. */
  dump(): Promise<string>;
  /** What stands there besides sessions: tables and indexes, a name each. */
  schema(): Promise<string[]>;
  /** For files: takes the folder away, and puts it back. A server has a proxy for that. */
  away?(): void;
  back?(): void;
  remove(): Promise<void>;
}

/** A backend that this machine does not have. */
export interface Missing {
  /** Why: 'there is no memcached on the PATH'. */
  readonly missing: string;
  /** How to get it, a line each. */
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
