import type { Cursors } from './cursors.ts';
import type { Store } from './store.ts';
import type { Turns } from './turns.ts';

/** How often expired documents and idle cursors are removed, in milliseconds. mongod does it once a minute, too slow for a lesson. */
const SWEEP_EVERY = 1000;

/** What the sweep works on. Each TTL index knows its next document: `expiry-queue.ts`. */
interface Swept {
  readonly store: Store;
  readonly cursors: Cursors;
  readonly turns: Turns;
}

/** Deletes the documents that have expired at `now`, in short steps; resolves with how many. */
export function sweep({ store, turns }: Swept, now: Date): Promise<number> {
  return turns.finish(store.sweep(now));
}

/**
 * Ends idle cursors and sweeps from now on, by the machine's clock, one sweep at a time.
 * @param sweepsItself false leaves expired documents to calls of sweep()
 * @returns a function that stops it
 */
export function startTtlSweep(swept: Swept, sweepsItself: boolean): () => void {
  let sweeping = false;
  const timer = setInterval(() => {
    swept.cursors.reap();
    if (sweeping || !sweepsItself) return;
    sweeping = true;
    sweep(swept, new Date()).finally(() => {
      sweeping = false;
    });
  }, SWEEP_EVERY).unref();
  return () => clearInterval(timer);
}
