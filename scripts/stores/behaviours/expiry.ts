import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, tooBusy, untested } from '../kit/cell.ts';
import { endIn, serverEndIn } from '../kit/record-end.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { describeOutcome, isDone, isFound, seconds, span } from '../kit/words.ts';
import { doesNotHeed, ENDS_WITHIN_MS, tellByClock } from './expiry-by-clock.ts';

const behaviour = (about: Omit<Behaviour, 'group' | 'lesson'>): Behaviour => ({
  group: 'ending',
  lesson: 9,
  ...about,
});

const expired = behaviour({
  id: 'expired',
  title: 'expired record',
  question: 'Is a session whose cookie has ended no longer given out, whether or not it was swept?',
  must: true,
  trap: 'Whoever keeps the cookie is logged in for longer than the app says, or for ever.',
});

const brief = behaviour({
  id: 'brief',
  title: 'under a second',
  question: 'Does a session with a maxAge of 0.7 s end?',
  must: false,
  trap: 'It lasts until a sweep, or for ever; tests that wait for a short session fail.',
});

const closing = behaviour({
  id: 'closing',
  title: 'no maxAge',
  question: 'How long does the record of a cookie without maxAge (until the browser is closed) live?',
  must: true,
  trap: 'Nothing tells the server that a browser was closed: records for ever, and memory or a disk that only grows.',
});

const slidingClosing = behaviour({
  id: 'sliding-closing',
  title: 'without maxAge, too',
  question: 'Does a touch move the end of a record whose cookie has no maxAge?',
  must: false,
  trap: 'People who work in one tab all day are out at the same minute the day after, however active they are.',
});

const GRACE_MS = 3000;

export const expiry: readonly Scenario[] = [
  {
    behaviours: [expired],
    alone: true,
    waits: 4,
    async ask(trial) {
      const { atOnce, later, isLate, after, words } = await foundAfter(trial, 3000);
      if (later) trial.tell(expired, bad('given out', words), GRACE_MS);
      else if (!atOnce && isLate) trial.tell(expired, tooBusy(words));
      else if (!atOnce) trial.tell(expired, bad('not even before', words));
      else trial.tell(expired, ok(`out by ${seconds(after)} of 3 s`, words));
    },
  },
  {
    behaviours: [brief],
    alone: true,
    async ask(trial) {
      const { set, atOnce, isLate, later, words } = await foundAfter(trial, 700);
      if (!isDone(set)) trial.tell(brief, bad('not saved', words));
      else if (!atOnce && !later && isLate) trial.tell(brief, tooBusy(words));
      else if (!atOnce && !later) trial.tell(brief, bad('never there', words));
      else trial.tell(brief, later ? bad('does not end', words) : ok('ends', words), GRACE_MS);
    },
  },
  {
    behaviours: [closing, slidingClosing],
    alone: true,
    waits: 4,
    async ask(trial) {
      const store = await trial.open();
      const before = await trial.site.place.dump();
      const { id, set } = await record(trial, store);
      const dump = await trial.site.place.dump();
      const end = serverEndIn(dump, id) ?? endIn(dump, Date.now(), before);
      if (end === undefined) return tellByClock(trial, store, { closing, slidingClosing });
      const life = span(end - Date.now());
      const words = `set: ${describeOutcome(set)}; the record says that it ends in ${life}`;
      const unheeded = await doesNotHeed(trial, store);
      if (unheeded) {
        trial.tell(closing, bad('for ever', `${words}. ${unheeded}`), ENDS_WITHIN_MS / 4);
        trial.tell(slidingClosing, untested('has no end', 'Nothing heeds the end of its record.'));
        return;
      }
      trial.tell(closing, ok(life, words));
      if (!store.has('touch'))
        return trial.tell(slidingClosing, bad('no touch', 'The store has no touch().'));
      await delay(3000);
      const untouched = await trial.site.place.dump();
      const touch = await store.call({ method: 'touch', id, data: { n: 1 } }, trial.limits.call);
      // A file may keep its earlier content.
      const moved = (endIn(await trial.site.place.dump(), Date.now(), untouched) ?? end) - end;
      const seen = `3 s later touch: ${describeOutcome(touch)}; the end of the record moved by ${seconds(moved)}`;
      trial.tell(slidingClosing, moved > 1500 ? ok('yes', seen) : bad('no', seen));
    },
  },
];

async function record(trial: Trial, store: StoreProcess, maxAge?: number) {
  const id = trial.newId();
  const set = await store.call(
    { method: 'set', id, data: { n: 1 }, ...(maxAge === undefined ? {} : { maxAge }) },
    trial.limits.call,
  );
  return { id, set, get: () => store.call({ method: 'get', id }, trial.limits.call) };
}

/** Whether a session is found after its end, with words for the cell. */
async function foundAfter(trial: Trial, maxAge: number) {
  const store = await trial.open();
  const start = performance.now();
  const { set, get } = await record(trial, store, maxAge);
  const saved = performance.now();
  const first = await get();
  // The session may have ended by then.
  const isLate = performance.now() - start > maxAge * 0.8;
  const since = () => performance.now() - saved;
  await delay(Math.max(0, maxAge + 100 - since()));
  let last = await get();
  // Servers that count whole seconds may take one more.
  while (isFound(last) && since() < maxAge + GRACE_MS) {
    await delay(200);
    last = await get();
  }
  const words = `maxAge ${seconds(maxAge)}. set: ${describeOutcome(set)}; get at once: ${describeOutcome(first)}; get ${seconds(since())} after set: ${describeOutcome(last)}`;
  return { set, atOnce: isFound(first), later: isFound(last), isLate, after: since(), words };
}
