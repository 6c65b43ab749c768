import type { Cells } from './kit/run.ts';
import type { Speed } from './speed.ts';

/** The results of one store. */
export interface StoreResult {
  /** Its name in the catalogue, or the learner's file. */
  readonly name: string;
  readonly title: string;
  /** Its packages: 'connect-redis 9.0.0'. */
  readonly versions: readonly string[];
  /** 'redis-server 7.0.15' */
  readonly backend: string;
  readonly node: string;
  readonly measuredAt: string;
  /** When some of its cells were measured again, with the same versions. */
  readonly againAt?: string;
  /** `quick`: during an outage the kit waits 13 s, otherwise 35 s. */
  readonly size: 'quick' | 'full';
  readonly cells: Cells;
  readonly speed?: Speed;
}

/** A store that was left out, and the reason. */
export interface Skipped {
  readonly name: string;
  readonly why: string;
  readonly how: readonly string[];
}

/** The output of `npm run lab stores -- --json`, and the form in which results are kept. */
export interface Measured {
  readonly schema: 1;
  readonly stores: readonly StoreResult[];
  readonly skipped: readonly Skipped[];
}
