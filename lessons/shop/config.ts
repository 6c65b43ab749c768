import type { Ailment, Chart } from './patients.ts';

/** Variables by name, as in process.env. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the shop must be told from outside. The runner reads it from `.env`; a check makes up its own. */
export interface ShopConfig {
  /** Signs the session cookie: whoever knows it can forge any session. At least 32 random bytes. */
  readonly sessionSecret: string;
  /** Where MongoDB is, with the database's name at the end: `mongodb://127.0.0.1:27017/shop` */
  readonly mongodbUri: string;
  /** The patients of lesson 5's clinic. Nobody is waiting when it is left out. */
  readonly clinic?: Readonly<Record<Ailment, Chart>>;
}
