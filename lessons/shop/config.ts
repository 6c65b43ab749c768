import type { ConnectionInfo, Problem } from './patients.ts';

/** Variables by name, as in process.env. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The shop's settings. The runner reads them from `.env`; a check makes its own. */
export interface ShopConfig {
  /** Signs the session cookie: anyone who knows it can forge any session. At least 32 random characters. */
  readonly sessionSecret: string;
  /** MongoDB's connection string, with the database's name: `mongodb://127.0.0.1:27017/shop` */
  readonly mongodbUri: string;
  /** Earlier secrets: cookies signed with them are still accepted, new ones are not signed with them (lesson 10). */
  readonly previousSecrets?: readonly string[];
  /** Whether one TLS proxy of ours is in front, so that shoppers use https. Default: plain http. */
  readonly behindProxy?: boolean;
  /** How long the shop waits for its database, in milliseconds. */
  readonly databaseTimeoutMs?: number;
  /** The name of this instance when several serve one shop: its pages show it (lesson 11). */
  readonly instance?: string;
  /** The session store (lesson 12). Default: MongoDB. */
  readonly store?: 'mongodb' | 'redis';
  /** Redis's address, for sessions that are stored there: `redis://127.0.0.1:6379` */
  readonly redisUrl?: string;
  /** The patients of lesson 5's clinic. Default: none. */
  readonly clinic?: Readonly<Record<Problem, ConnectionInfo>>;
}
