import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour } from '../kit/behaviour.ts';
import { bad, ok } from '../kit/cell.ts';
import type { Outcome } from '../kit/protocol.ts';
import { ProcessLost, type StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import type { Page, Visitor } from '../kit/visitor.ts';
import { describeOutcome, inShort, isFound, isNone, isSilent, seconds } from '../kit/words.ts';

/** In milliseconds. Many drivers give up a little after 10 s. */
const SOON_MS = 12_000;
/** In milliseconds. Some stores write every few seconds. */
const STORED_WITHIN_MS = 6000;

/**
 * Judges a call during an outage. Right is an error, soon, or still the session.
 * @param done words for a call that took effect
 */
export function tellCall(trial: Trial, behaviour: Behaviour, outcome: Outcome, done?: string): void {
  const { error, threw, rejected, ms } = outcome;
  const words = describeOutcome(outcome);
  if (isFound(outcome)) {
    trial.tell(behaviour, ok('still the session', `${words}: from memory, or from a file that is open`));
    return;
  }
  if (done !== undefined) {
    trial.tell(behaviour, ok('done all the same', `${words}${done}`));
    return;
  }
  const hasError = error !== undefined && threw === undefined && rejected === undefined;
  const cell = (hasError && ms <= SOON_MS ? ok : bad)(inShort(outcome), words);
  trial.tell(
    behaviour,
    cell,
    isSilent(outcome) ? ms / 4 : hasError ? ms - SOON_MS : Number.POSITIVE_INFINITY,
  );
}

/** Judges a page in the same way. Right is a complete 5xx answer, soon, or a page that knows the shopper. */
export function tellPage(
  trial: Trial,
  behaviour: Behaviour,
  { status, text, ms, isWhole, words }: Page,
): void {
  const margin = ms > SOON_MS ? ms - SOON_MS : Number.POSITIVE_INFINITY;
  if (status === undefined && ms >= trial.limits.outage) trial.tell(behaviour, bad('hangs', words), ms / 4);
  else if (status === undefined) trial.tell(behaviour, bad('hangs', words), margin);
  else if (!isWhole) trial.tell(behaviour, bad(`${status}, cut short`, words), margin);
  else if (text === 'ann') trial.tell(behaviour, ok(`${status} ann`, words));
  else if (status < 500) trial.tell(behaviour, bad(`${status} ${text}`, words), margin);
  else if (ms > SOON_MS) trial.tell(behaviour, bad(`${status} after ${seconds(ms)}`, words), margin);
  else trial.tell(behaviour, ok(`${status}`, words));
}

/** A login with 200 is right when it was saved all the same: to a file that is open, or later. @param visitor who logged in */
export async function tellSavedLogin(
  trial: Trial,
  behaviour: Behaviour,
  visitor: Visitor,
  login: Page,
): Promise<void> {
  const [, id] = /=s:(.+)\.[^.]*$/.exec(decodeURIComponent(visitor.cookie)) ?? [];
  if (!login.isWhole || login.text !== 'welcome' || id === undefined) return;
  const page = await visitor.ask('/me');
  if (page.text !== 'ann') return;
  const { isMissing, seen } = await lookFor(trial, id);
  if (isMissing || seen) return;
  const words = `${login.words}; after the outage the next page: ${page.words}, and the session is stored`;
  trial.tell(behaviour, ok('200, and saved', words));
}

/** Asks until a session is found again, and tells how long that took. */
export async function tellRecovery(
  trial: Trial,
  behaviour: Behaviour,
  store: StoreProcess,
  id: string,
): Promise<void> {
  const start = performance.now();
  let last = 'nothing was asked';
  while (performance.now() - start < trial.limits.recovery) {
    const set = await store.call({ method: 'set', id, data: { n: 1 }, maxAge: 600_000 }, 5000);
    const got = await store.call({ method: 'get', id }, 5000);
    last = `set: ${describeOutcome(set)}; get: ${describeOutcome(got)}`;
    const after = seconds(performance.now() - start);
    if ((set.rejected ?? got.rejected) !== undefined) {
      trial.tell(behaviour, bad('rejects', `${last}, ${after} after the backend was back`));
      return;
    }
    if (isFound(got)) {
      const words = `${last}, ${after} after the backend was back`;
      const { isMissing, seen } = await lookFor(trial, id);
      if (isMissing)
        trial.tell(behaviour, bad('only in memory', `${words}. But ${seen}`), STORED_WITHIN_MS / 4);
      else trial.tell(behaviour, ok(`after ${after}`, `${words}${seen}`));
      return;
    }
    await delay(300);
  }
  const limit = seconds(trial.limits.recovery);
  const words = `${limit} after the backend was back, still ${last}`;
  trial.tell(behaviour, bad(`not in ${limit}`, words), trial.limits.recovery / 3);
}

/** Some stores keep in memory what they could not write. @returns whether a session is in no backend, with what was seen */
async function lookFor(trial: Trial, id: string): Promise<{ isMissing: boolean; seen: string }> {
  const until = performance.now() + STORED_WITHIN_MS;
  do {
    if ((await trial.site.place.dump().catch(() => '')).includes(id)) return { isMissing: false, seen: '' };
    await delay(200);
  } while (performance.now() < until);
  const got = await trial
    .open({ settled: false })
    .then((other) => other.call({ method: 'get', id }, trial.limits.call).finally(() => other.end()))
    .catch((error: Error) => error);
  // A locked file opens for one process only.
  if (got instanceof Error || !(isFound(got) || isNone(got))) {
    const words = got instanceof Error ? got.message : `get: ${describeOutcome(got)}`;
    return { isMissing: false, seen: `. Whether it was stored could not be seen. Another process: ${words}` };
  }
  return {
    isMissing: !isFound(got),
    seen: isFound(got)
      ? ''
      : `${id} is not in what the backend holds. In another process get: ${describeOutcome(got)}`,
  };
}

/** Runs work during which the process may end. Tells whether it ended, and keeps the cells told before. */
export async function orEnds(
  trial: Trial,
  lives: Behaviour,
  store: StoreProcess,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
    await store.mustLive();
    if (!trial.cells.has(lives.id))
      trial.tell(lives, ok('lives', 'The process was there from beginning to end.'));
  } catch (error) {
    if (!(error instanceof ProcessLost)) throw error;
    trial.tell(lives, bad(error.short, error.message), Number.POSITIVE_INFINITY);
    throw error;
  }
}
