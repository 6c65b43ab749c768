import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import { endIn, serverEndIn } from '../kit/record-end.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { describeOutcome, isFound, isNone, seconds, span } from '../kit/words.ts';
import { lifeByClock, save, sweeperOf } from './expiry-by-clock.ts';
import { untilStored } from './until-stored.ts';

const monthly: Behaviour = {
  group: 'ending',
  lesson: 9,
  id: 'month',
  title: '31 days',
  question: 'Is a session with a maxAge of 31 days there, and does nothing end it before the 30th day?',
  must: true,
  trap: '“Remember me for a month” does not remember for a month, and no error says so.',
};

const DAY = 86_400_000;
const MOMENT_MS = 300;
const [LIFE, LEAST] = [31 * DAY, 30 * DAY];

export const month: Scenario = {
  behaviours: [monthly],
  alone: true,
  async ask(trial) {
    const store = await trial.open();
    const before = await trial.site.place.dump();
    const { id, set, get } = await save(trial, store, LIFE);
    const found = await get();
    // A timer of more than 24.8 days fires at once.
    await delay(MOMENT_MS);
    const still = await get();
    const words = `set with maxAge of 31 days: ${describeOutcome(set)}; get: ${describeOutcome(found)}; get ${seconds(MOMENT_MS)} later: ${describeOutcome(still)}`;
    if (!isFound(still)) return trial.tell(monthly, bad('not there', words));
    await untilStored(trial, id);
    const dump = await trial.site.place.dump();
    const byServer = serverEndIn(dump, id);
    if (byServer !== undefined) {
      const life = span(byServer - Date.now());
      const seen = `${words}. The server ends it in ${life}`;
      trial.tell(monthly, byServer < Date.now() + LEAST ? bad(`ends in ${life}`, seen) : ok('there', seen));
      return;
    }
    await tellByLaterClock(trial, store, words, endIn(dump, Date.now(), before));
  },
};

/** @param end the earliest time in the record that is in the future */
async function tellByLaterClock(trial: Trial, store: StoreProcess, words: string, end?: number) {
  const left = (end ?? Number.POSITIVE_INFINITY) - Date.now();
  const { most, short, lost, words: later } = await lifeByClock(trial, store, LEAST, LIFE);
  const seen = `${words}. ${later}`;
  if (lost && isNone(lost)) return trial.tell(monthly, bad(`ends in ${short}`, seen));
  if (most) return trial.tell(monthly, untested('not visible', seen));
  const sweeper = await sweeperOf(trial, store, LEAST, LIFE);
  if (sweeper && !sweeper.mayBeLate)
    return trial.tell(monthly, bad('ends at a sweep', `${seen}. ${sweeper.words}`));
  // The clock of a database was not moved: only the record tells what it heeds.
  if (left > LEAST) return trial.tell(monthly, ok('there', seen));
  const said = `${seen}. The record says that it ends in ${span(left)}; whether anything heeds that, the moved clock does not show`;
  trial.tell(monthly, untested('not visible', said));
}
