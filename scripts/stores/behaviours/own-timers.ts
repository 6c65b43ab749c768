import { setTimeout as delay } from 'node:timers/promises';
import type { Timer } from '../kit/protocol.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { LIFE_MS } from './ending-record.ts';

export const SWEPT_WITHIN_MS = 4000;
/** Longer than any store keeps a session whose cookie has no end. */
export const LATER_MS = 400 * 86_400_000;
/** Why a database may keep a record that a timer should delete: its clock was not moved. */
export const CLOCK = 'The statement of its timer may count by the clock of the database, which nobody moved.';

const DRIVERS =
  /^(?:mongodb|redis|@redis\/.*|ioredis|iovalkey|pg|pg-.*|mysql2?|mariadb|memcached|memjs|tarn|sequelize-pool|generic-pool.*|express|express-session)$/;

/** The timers of a store that may delete expired records. */
export async function ownTimers(store: StoreProcess): Promise<Timer[]> {
  return (await store.ask('timers')).filter(isOwn);
}

/** Leaves out timers of drivers and short ones that run once, except one that waits for the record's end. */
function isOwn({ kind, ms, by }: Timer): boolean {
  const isOfRecord = ms > LIFE_MS - 900 && ms < LIFE_MS + 1100;
  return (kind === 'setInterval' || ms >= 5000 || isOfRecord) && !DRIVERS.test(by);
}

/** Whether records are in something with its own clock: a server, or a file with tables. */
export const isDatabase = (trial: Trial, schema: readonly string[]): boolean =>
  trial.site.proxy !== undefined || schema.some((name) => /^(?:table|index) /.test(name));

/** Runs timers early. @returns whether what isKept() asks about is still there afterwards */
export async function runEarly(
  store: StoreProcess,
  own: readonly Timer[],
  isKept: () => Promise<boolean>,
): Promise<boolean> {
  await store.ask('fire', { by: own.map(({ by }) => by) });
  const start = performance.now();
  while (await isKept()) {
    if (performance.now() - start > SWEPT_WITHIN_MS) return true;
    await delay(200);
  }
  return false;
}
