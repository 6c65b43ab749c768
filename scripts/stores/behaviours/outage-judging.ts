import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour } from '../kit/behaviour.ts';
import { bad, type Cell, ok } from '../kit/cell.ts';
import type { Outcome } from '../kit/protocol.ts';
import { ProcessLost, type StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import type { Page } from '../kit/visitor.ts';
import { inShort, inWords, isFound, seconds } from '../kit/words.ts';

const SOON_MS = 10_000;

/** How a call should end while the backend is away: with an error, soon. */
export function judged(outcome: Outcome): Cell {
  const soon =
    outcome.error !== undefined &&
    outcome.threw === undefined &&
    outcome.rejected === undefined &&
    outcome.ms <= SOON_MS;
  const words = inWords(outcome);
  if (outcome.error === undefined && isFound(outcome))
    return bad('the session', `${words}: it is not the backend that answers`);
  return (soon ? ok : bad)(inShort(outcome), words);
}

export function judgedPage({ status, text, ms, isWhole, words }: Page): Cell {
  if (status === undefined) return bad('hangs', words);
  if (!isWhole) return bad(`${status}, cut short`, words);
  return status >= 500 && ms <= SOON_MS
    ? ok(`${status}`, words)
    : bad(`${status} ${status < 500 ? text : `after ${seconds(ms)}`}`, words);
}

/** Asks until a session is found again. */
export async function recovery(trial: Trial, store: StoreProcess, id: string): Promise<Cell> {
  const start = performance.now();
  let last = 'nothing was asked';
  while (performance.now() - start < trial.patience.recovery) {
    const set = await store.call({ method: 'set', id, data: { n: 1 }, maxAge: 600_000 }, 5000);
    const got = await store.call({ method: 'get', id }, 5000);
    last = `set: ${inWords(set)}; get: ${inWords(got)}`;
    if (isFound(got))
      return ok(
        `after ${seconds(performance.now() - start)}`,
        `${last}, ${seconds(performance.now() - start)} after the backend was back`,
      );
    await delay(300);
  }
  return bad('never', `${seconds(trial.patience.recovery)} after the backend was back, still ${last}`);
}

/** The cells of a store whose process may end: what is told until then, and that it did. */
export async function orEnds(
  trial: Trial,
  lives: Behaviour,
  store: StoreProcess,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
    // What was thrown outside of a call ends it a little later.
    await store.ask('events');
    if (!trial.cells.has(lives.id))
      trial.tell(lives, ok('lives', 'The process was there from beginning to end.'));
  } catch (error) {
    if (!(error instanceof ProcessLost)) throw error;
    trial.tell(lives, bad(error.short, error.message));
    throw error;
  }
}
