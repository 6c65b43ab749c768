import { setTimeout as delay } from 'node:timers/promises';
import { askUntil } from '../../shared/fair-time.ts';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { describeTimer, span } from '../kit/words.ts';
import { EndingRecord } from './ending-record.ts';
import { CLOCK, isDatabase, LATER_MS, ownTimers, runEarly, SWEPT_WITHIN_MS } from './own-timers.ts';

const sweeps: Behaviour = {
  group: 'leaving',
  id: 'sweeps',
  title: 'sweeps by',
  question:
    'What removes expired records that nobody asks for: the server, a TTL index, an event of the database, a timer of the store, the next save or start?',
  lesson: 9,
  must: false,
  trap: 'No sweep was seen: records of visitors who never come back may stay. Look at the size of the store after a month.',
};

/** In milliseconds. Stores count in whole seconds, and some write later. */
const ENDED_MS = 4500;

const NOT_VISIBLE =
  'A record that had ended could not be looked for: neither the backend, nor the store’s fields, nor length() show whether it is there, and get() does not give it.';

export const sweeping: readonly Scenario[] = [
  {
    behaviours: [sweeps],
    alone: true,
    waits: 9,
    async ask(trial) {
      const store = await trial.open();
      const record = await EndingRecord.of(trial, store);
      const schema = await trial.site.place.schema();
      const own = await ownTimers(store);
      const words = `Timers: ${own.map(describeTimer).join(', ') || 'none'}. There is: ${schema.join(', ') || 'nothing but records'}.`;
      // MongoDB runs it once a minute, so only the definition, and the record that it is for, are checked.
      if (schema.some((name) => name.endsWith('(TTL)')) && (await record.isEndedByServer()))
        return trial.tell(sweeps, ok('TTL index', words));
      // It runs every few minutes in the server, so only its definition is checked.
      if (schema.some((name) => name.startsWith('event ')))
        return trial.tell(sweeps, ok('an event of the database', words));
      const wasStored = await record.isStored();
      await delay(ENDED_MS);
      if (!(await record.isKept())) {
        const gone = wasStored ? 'A record was stored, and not there after its end.' : NOT_VISIBLE;
        const cell =
          wasStored && record.isSeen
            ? ok(trial.site.ends ? 'the server' : own.length ? 'a timer' : 'by itself', `${words} ${gone}`)
            : untested('not visible', `${words} ${gone}`);
        return trial.tell(sweeps, cell);
      }
      await record.another();
      if (!(await record.isKept()))
        return trial.tell(
          sweeps,
          ok(
            'the next save',
            `${words} A record that had ended was stored, and not any more after another session was saved.`,
          ),
        );
      const end = await record.endByServer();
      if (end)
        return trial.tell(
          sweeps,
          ok(
            'the server, later',
            `${words} A record whose session had ended was there, and the server ends it ${span(end - Date.now())} later.`,
          ),
        );
      if (own.length === 0) {
        const there = `${words} A record that had ended was there, after another save, too.`;
        const start = await sweptByStart(trial, store, record);
        return trial.tell(
          sweeps,
          start ? ok(start.short, `${there} ${start.words}`) : bad('none seen', there),
        );
      }
      const after = await runEarly(store, own, () => record.isKept());
      const seen = `${words} A record that had ended was stored before they ran early, and was ${after ? '' : 'not '}there after.`;
      if (!after) return trial.tell(sweeps, ok('a timer', seen));
      // Some count from their own time, not by the cookie.
      await store.ask('clock', { aheadMs: LATER_MS });
      const later = await runEarly(store, own, () => record.isKept());
      const also = `${seen} With the clock of the process 400 days ahead it was ${later ? 'there, too' : 'not'}.`;
      if (later && isDatabase(trial, schema)) trial.tell(sweeps, untested('not visible', `${also} ${CLOCK}`));
      else
        trial.tell(sweeps, later ? bad('none seen', also) : ok('a timer, later', also), SWEPT_WITHIN_MS / 2);
    },
  },
];

/** Some stores sweep when they start, or begin a timer only where their table was there before. @returns undefined: this one does not */
async function sweptByStart(trial: Trial, store: StoreProcess, record: EndingRecord) {
  if (!record.isSeen || !trial.site.canBeAway) return undefined;
  // Some files are for one process only.
  await store.end();
  const second = await trial.open();
  if (
    !(await askUntil(
      () => record.isKept(),
      (isKept) => !isKept,
      SWEPT_WITHIN_MS,
    ))
  )
    return {
      short: 'the next start',
      words: 'The process was started again, and it was not there any more.',
    };
  const own = await ownTimers(second);
  if (own.length === 0 || (await runEarly(second, own, () => record.isKept()))) return undefined;
  const timers = own.map(describeTimer).join(', ');
  return {
    short: 'a timer, after a restart',
    words: `The process was started again. Its timers: ${timers}. They ran early, and it was not there any more.`,
  };
}
