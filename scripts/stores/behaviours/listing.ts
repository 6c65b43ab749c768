import { setTimeout as delay } from 'node:timers/promises';
import { askUntil } from '../../shared/fair-time.ts';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, tooBusy } from '../kit/cell.ts';
import type { Outcome } from '../kit/protocol.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { describeOutcome, isDone, isFound, isNone, isSilent, seconds } from '../kit/words.ts';

const behaviour = (about: Omit<Behaviour, 'group'>): Behaviour => ({ group: 'leaving', ...about });

const all = behaviour({
  id: 'all',
  title: 'all()',
  question: 'Does all() give the sessions that are alive, and only them?',
  lesson: 7,
  must: false,
  trap: '“Who is in?” and “log out everywhere” need another way: ask the backend itself.',
});

const length = behaviour({
  id: 'length',
  title: 'length()',
  question: 'Does length() count the sessions that are alive, each once, and only them?',
  lesson: 10,
  must: false,
  trap: 'A gauge of visitors shows nothing, or counts those who are gone.',
});

const clear = behaviour({
  id: 'clear',
  title: 'clear()',
  question: 'Does clear() remove every session and nothing else, and call back?',
  lesson: 10,
  must: false,
  trap: '“Log everybody out” needs another way: ask the backend itself.',
});

export const listing: readonly Scenario[] = [
  {
    behaviours: [all, length, clear],
    alone: true,
    waits: 4,
    async ask(trial) {
      const store = await trial.open();
      const set = (id: string, maxAge: number) =>
        store.call({ method: 'set', id, data: { n: id }, maxAge }, trial.limits.call);
      const alive = [trial.newId(), trial.newId()];
      for (const id of alive) await set(id, 600_000);
      // Some stores count saves.
      await set(alive[0] ?? '', 600_000);
      const others = trial.newId('others');
      await trial.site.place.putOther?.(others);
      const ended = trial.newId('ended');
      await set(ended, 1000);
      const { counted, agoMs, isStored } = await countedLast(trial, store, ended);
      const beside = trial.site.place.putOther ? ', beside data that are not the store’s' : '';
      const setUp = `2 sessions alive, one of them saved twice, 1 whose cookie ended ${seconds(agoMs)} before${isStored ? ' and that was still stored' : ''}${beside}`;
      for (const [id, behaviour] of [
        ['length', length],
        ['all', all],
      ] as const) {
        const outcome = counted[id];
        if (!outcome) {
          trial.tell(behaviour, bad(`no ${id}()`, `The store has no ${id}().`));
          continue;
        }
        const count = id === 'all' ? countIn(outcome.value) : outcome.value;
        const words = `${setUp}. ${id}(): ${describeOutcome(outcome)}`;
        if (!isDone(outcome))
          trial.tell(behaviour, bad(isSilent(outcome) ? 'never calls back' : 'fails', words));
        else if (typeof count !== 'number')
          trial.tell(behaviour, bad(id === 'all' ? 'no list' : 'no number', words));
        else if (id === 'all' && !areSessions(outcome.value))
          trial.tell(behaviour, bad('no sessions', words));
        else if (count === 2 && isStored === false && !trial.site.ends)
          // The server deleted it before it was looked for: whether it would have been counted is unknown.
          trial.tell(behaviour, tooBusy(words));
        else trial.tell(behaviour, count === 2 ? ok('2 of 2', words) : bad(`${count} of 2`, words));
      }
      if (!store.has('clear')) return trial.tell(clear, bad('no clear()', 'The store has no clear().'));
      const outcome = await store.call({ method: 'clear' }, trial.limits.call);
      const left = async () => {
        const asked: Outcome[] = [];
        for (const id of alive) asked.push(await store.call({ method: 'get', id }, trial.limits.call));
        return asked;
      };
      const start = performance.now();
      let after = await left();
      const isLate = after.some(isFound);
      if (isLate) after = await askUntil(left, (each) => !each.some(isFound), CLEARED_WITHIN_MS);
      const isTaken =
        trial.site.place.putOther !== undefined && !(await trial.site.place.dump()).includes(others);
      const words = `2 sessions${beside}. clear(): ${describeOutcome(outcome)}; get of each${isLate ? ` ${seconds(performance.now() - start)} later` : ''}: ${after.map(describeOutcome).join(', ')}`;
      if (isTaken) trial.tell(clear, bad('takes other data', `${words}. The other data were gone, too`));
      else if (isDone(outcome) && after.every(isNone))
        trial.tell(clear, ok(isLate ? 'gone a moment later' : 'all gone', words));
      else if (isDone(outcome))
        trial.tell(clear, bad(after.some(isFound) ? 'not all gone' : 'fails', words), CLEARED_WITHIN_MS);
      else trial.tell(clear, bad(isSilent(outcome) ? 'never calls back' : 'fails', words));
    },
  },
];

/**
 * The answers of length() and all() after a session of one second has ended, while its record is still stored. When a server deletes the
 * record varies between machines.
 * @param ended a word in its record
 */
async function countedLast(trial: Trial, store: StoreProcess, ended: string) {
  const end = performance.now() + 1000;
  let told: { counted: Counted; agoMs: number; isStored: boolean | undefined } | undefined;
  for (const agoMs of trial.site.proxy ? [100, 700, 1400, COUNTS_AFTER_MS] : [COUNTS_AFTER_MS]) {
    await delay(Math.max(0, end + agoMs - performance.now()));
    const counted: Counted = {};
    for (const method of ['length', 'all'] as const) {
      const before = told?.counted[method];
      // A method that never called back is not called again.
      if (before && isSilent(before)) counted[method] = before;
      else if (store.has(method)) counted[method] = await store.call({ method }, trial.limits.call);
    }
    // A file may keep deleted data.
    const isStored = trial.site.proxy
      ? (await trial.site.place.dump().catch(() => '')).includes(ended)
      : undefined;
    if (told?.isStored && !isStored) return told;
    told = { counted, agoMs, isStored };
  }
  return told as NonNullable<typeof told>;
}

type Counted = { [Method in 'length' | 'all']?: Outcome };
/** In milliseconds. Stores and servers that count whole seconds may be two late. */
const COUNTS_AFTER_MS = 2200;
const CLEARED_WITHIN_MS = 2000;

/** Whether all() returned sessions, not their IDs or the rows and documents that hold them. */
function areSessions(value: unknown): boolean {
  const all = Array.isArray(value) ? value : Object.values(value as object);
  return all.every((each) => typeof each === 'object' && each !== null && 'cookie' in each && 'n' in each);
}

/** The number of sessions that all() returned. */
function countIn(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  return undefined;
}
