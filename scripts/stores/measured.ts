import type { Cells } from './kit/run.ts';
import type { Speed } from './speed.ts';

/** What the kit saw of one store. */
export interface StoreResult {
  /** Its name in the catalogue, or the file of a store of one's own. */
  readonly name: string;
  readonly title: string;
  /** Its packages: 'connect-redis 9.0.0'. */
  readonly versions: readonly string[];
  /** 'redis-server 7.0.15' */
  readonly backend: string;
  readonly node: string;
  readonly measuredAt: string;
  /** `quick`: while the backend is away it was waited for 11 s, else for 35 s. */
  readonly size: 'quick' | 'full';
  readonly cells: Cells;
  readonly speed?: Speed;
}

/** A store that was left out, and why. */
export interface Skipped {
  readonly name: string;
  readonly why: string;
  readonly how: readonly string[];
}

/** The shape of `npm run lab stores -- --json`, and of what is kept. */
export interface Measured {
  readonly schema: 1;
  readonly stores: readonly StoreResult[];
  readonly skipped: readonly Skipped[];
}
