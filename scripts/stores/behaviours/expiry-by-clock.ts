import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import type { Outcome } from '../kit/protocol.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { describeOutcome, describeTimer, isFound, seconds, span } from '../kit/words.ts';
import { CLOCK, isDatabase, LATER_MS, ownTimers, runEarly } from './own-timers.ts';
import { untilStored } from './until-stored.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STEPS = [HOUR / 2, 2 * HOUR, 23 * HOUR, 25 * HOUR, 13 * DAY, 15 * DAY];
/** An end is known well enough when its upper limit is at most this many times the lower one. */
const NEAR = 1.25;
export const ENDS_WITHIN_MS = 4500;

/** Saves a session, and gives a function that reads it. */
export async function save(trial: Trial, store: StoreProcess, maxAge?: number) {
  const id = trial.newId();
  const life = maxAge === undefined ? {} : { maxAge };
  const set = await store.call({ method: 'set', id, data: { n: id }, ...life }, trial.limits.call);
  return { id, set, get: () => store.call({ method: 'get', id }, trial.limits.call) };
}

/**
 * How long get() gives a record out, by the clock of its process: it saves a new one for each step, and moves the clock.
 * @param upTo the longest step, in milliseconds
 * @returns the longest life seen, and the shortest one after which it was not there, or 0; a line for each step; the last record
 */
export async function lifeByClock(trial: Trial, store: StoreProcess, upTo: number, maxAge?: number) {
  const lines: string[] = [];
  let [least, most] = [0, 0];
  let last: Awaited<ReturnType<typeof save>>;
  let lost: Outcome | undefined;
  const step = async (ahead: number) => {
    last = await save(trial, store, maxAge);
    await store.ask('clock', { aheadMs: ahead });
    const got = await last.get();
    lines.push(`with the clock of the process ${span(ahead)} ahead, get: ${describeOutcome(got)}`);
    if (isFound(got)) least = ahead;
    else [most, lost] = [ahead, got];
  };
  for (const ahead of [...STEPS.filter((each) => each < upTo), upTo]) {
    await step(ahead);
    if (most > 0) break;
  }
  while (least > 0 && most > NEAR * least) await step((least + most) / 2);
  const short = least ? `${span(least)} to ${span(most)}` : `under ${span(most)}`;
  return { least, most, short, lost, words: `Each time a new session: ${lines.join('; ')}` };
}

/** Finds how long a record without maxAge lives when its end cannot be read: moves the clock of its process. */
export async function tellByClock(
  trial: Trial,
  store: StoreProcess,
  { closing, slidingClosing }: { closing: Behaviour; slidingClosing: Behaviour },
): Promise<void> {
  const tenMinutes = await save(trial, store, 600_000);
  const { least, most, short, words } = await lifeByClock(trial, store, LATER_MS);
  if (most === 0) {
    const seen = await tenMinutes.get();
    const sweeper = await sweeperOf(trial, store);
    // Some stores lock their file while a process has it.
    await store.end();
    const tellNotVisible = (words: string) => {
      for (const each of [closing, slidingClosing]) trial.tell(each, untested('not visible', words));
    };
    if (isFound(seen) && (await doesEnd(trial, await trial.open())))
      return tellNotVisible(
        `It counts by a clock that is not its process's: with that far ahead, a session of 10 minutes is there as well: ${describeOutcome(seen)}`,
      );
    if (sweeper?.mayBeLate) return tellNotVisible(`get() gives it out for ever. ${sweeper.words}`);
    if (sweeper) {
      trial.tell(
        closing,
        ok('to a sweep', `get() gives it out for as long as it is stored. ${sweeper.words}`),
      );
      trial.tell(slidingClosing, untested('not visible', `It ends at a sweep. ${sweeper.words}`));
      return;
    }
  }
  trial.tell(closing, most ? ok(short, words) : bad('for ever', words));
  if (!store.has('touch')) trial.tell(slidingClosing, bad('no touch', 'The store has no touch().'));
  else if (most === 0)
    trial.tell(slidingClosing, untested('has no end', 'Its record has no end to be moved.'));
  else if (least === 0) trial.tell(slidingClosing, untested('not visible', `It ends ${short}.`));
  else await tellTouchByClock(trial, store, slidingClosing, least, most);
}

/**
 * Some stores write an expiry time into their records that nothing uses.
 * @returns words for it: get() returns expired sessions, and nothing could delete them; else undefined
 */
export async function doesNotHeed(trial: Trial, store: StoreProcess): Promise<string | undefined> {
  const schema = await trial.site.place.schema();
  const isSwept =
    trial.site.ends || schema.some((name) => name.endsWith('(TTL)') || /^(?:event|trigger) /.test(name));
  if (isSwept || (await ownTimers(store)).length > 0 || (await doesEnd(trial, store))) return undefined;
  return `But a session of a second was given out ${seconds(ENDS_WITHIN_MS)} later, no timer runs, and there is: ${schema.join(', ')}`;
}

/** What may delete a record that get() returns with the clock far ahead; undefined when nothing does. */
export async function sweeperOf(trial: Trial, store: StoreProcess, aheadMs = LATER_MS, maxAge?: number) {
  const schema = await trial.site.place.schema().catch(() => []);
  const event = schema.find((name) => name.startsWith('event '));
  if (event)
    return {
      mayBeLate: true,
      words: `There is the ${event}, which may remove it by the clock of the database.`,
    };
  const timers = await ownTimers(store);
  if (timers.length === 0) return undefined;
  const { id, get } = await save(trial, store, maxAge);
  // A timer may only empty a cache: that is no sweep of what is stored.
  await untilStored(trial, id);
  await store.ask('clock', { aheadMs });
  const isKept = await runEarly(store, timers, async () => isFound(await get()));
  const words = `Timers: ${timers.map(describeTimer).join(', ')}. They ran early, and it was ${isKept ? '' : 'not '}there after that.`;
  if (!isKept) return { mayBeLate: false, words };
  return isDatabase(trial, schema) ? { mayBeLate: true, words: `${words} ${CLOCK}` } : undefined;
}

/** Whether a session with a short maxAge ends without a moved clock. */
async function doesEnd(trial: Trial, store: StoreProcess): Promise<boolean> {
  const { get } = await save(trial, store, 1000);
  const until = performance.now() + ENDS_WITHIN_MS;
  while (performance.now() < until) {
    await delay(250);
    if (!isFound(await get())) return true;
  }
  return false;
}

/** Touches at a little over half of its life. Is the record there after its first end? */
async function tellTouchByClock(
  trial: Trial,
  store: StoreProcess,
  slidingClosing: Behaviour,
  least: number,
  most: number,
): Promise<void> {
  const { id, set, get } = await save(trial, store);
  await store.ask('clock', { aheadMs: 0.6 * least });
  const touch = await store.call({ method: 'touch', id, data: { n: 1 } }, trial.limits.call);
  await store.ask('clock', { aheadMs: most - 0.6 * least });
  const got = await get();
  const words = `set: ${describeOutcome(set)}; with the clock ${span(0.6 * least)} ahead touch: ${describeOutcome(touch)}; ${span(most)} ahead get: ${describeOutcome(got)}`;
  trial.tell(slidingClosing, isFound(got) ? ok('yes', words) : bad('no', words));
}
