import type { ConnectionInfo, Problem } from './patients.ts';

/** Variables by name, as in process.env. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the shop must be told from outside. The runner reads it from `.env`; a check makes up its own. */
export interface ShopConfig {
  /** Signs the session cookie: whoever knows it can forge any session. At least 32 random bytes. */
  readonly sessionSecret: string;
  /** Where MongoDB is, with the database's name at the end: `mongodb://127.0.0.1:27017/shop` */
  readonly mongodbUri: string;
  /** Secrets that signed cookies before this one did: still accepted, and never used to sign (lesson 10). */
  readonly previousSecrets?: readonly string[];
  /** One TLS proxy of ours stands in front, and shoppers come by https. Left out: they come by plain http. */
  readonly behindProxy?: boolean;
  /** How long the shop waits for its database before it gives up, in milliseconds. */
  readonly databaseTimeoutMs?: number;
  /** The name of this instance, where several serve one shop: its pages show it (lesson 11). */
  readonly instance?: string;
  /** Where sessions are kept (lesson 12). Left out: in MongoDB. */
  readonly store?: 'mongodb' | 'redis';
  /** Where Redis is, for sessions that are kept there: `redis://127.0.0.1:6379` */
  readonly redisUrl?: string;
  /** The patients of lesson 5's clinic. Nobody is waiting when it is left out. */
  readonly clinic?: Readonly<Record<Problem, ConnectionInfo>>;
}
