import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import type { Timer } from '../kit/protocol.ts';
import type { Trial } from '../kit/trial.ts';
import { inWords, isDone, isNone, seconds } from '../kit/words.ts';

const behaviour = (about: Omit<Behaviour, 'group'>): Behaviour => ({ group: 'leaving', ...about });

const makes = behaviour({
  id: 'makes',
  title: 'makes',
  question:
    'Does the first set() work in an empty place, and what does the store make there: tables, indexes, files?',
  lesson: 2,
  must: true,
  trap: 'The first visitors after a start are told that all went well, and nothing was saved: wait for the store, or make the table in a migration.',
});

const sweeps = behaviour({
  id: 'sweeps',
  title: 'sweeps by',
  question:
    'What removes expired records that nobody asks for: the server, a TTL index, a timer of the store?',
  lesson: 9,
  must: false,
  trap: 'No sweep was seen: records of visitors who never come back may stay. Look at the size of the store after a month.',
});

const holds = behaviour({
  id: 'holds',
  title: 'process ends',
  question: 'Does a process end by itself that has used the store and did not close it?',
  lesson: 11,
  must: false,
  trap: 'Tests, seed scripts and a graceful shutdown wait for ever: close the store, or its client.',
});

const closes = behaviour({
  id: 'closes',
  title: 'after close',
  question:
    'Does the process end after the store, or the client it was given, was closed, and are all connections gone?',
  lesson: 11,
  must: true,
  trap: 'A graceful shutdown never ends, and is killed at last with requests under way.',
});

const plainIds = behaviour({
  id: 'plain-ids',
  title: 'IDs',
  question: 'Does the backend hold session IDs in plain text?',
  lesson: 6,
  must: false,
  trap: 'Whoever reads a backup has the IDs. Without the secret no cookie can be made of them: guard the secret elsewhere.',
});

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
  question: 'Does length() count the sessions that are alive, and only them?',
  lesson: 10,
  must: false,
  trap: 'A gauge of visitors shows nothing, or counts those who are gone.',
});

const clear = behaviour({
  id: 'clear',
  title: 'clear()',
  question: 'Does clear() remove every session, and call back?',
  lesson: 10,
  must: false,
  trap: '“Log everybody out” needs another way: ask the backend itself.',
});

export const leaving: readonly Scenario[] = [
  {
    behaviours: [makes, plainIds, sweeps],
    alone: true,
    async ask(trial) {
      const store = await trial.open({ settled: false });
      const id = trial.newId('plain');
      const set = await store.call(
        { method: 'set', id, data: { n: 1 }, maxAge: 600_000 },
        trial.patience.call,
      );
      await store.call({ method: 'get', id }, trial.patience.call);
      const schema = await settled(trial, () => trial.site.place.schema());
      const list = schema.join(', ') || 'nothing but records';
      const words = `first set: ${inWords(set)}; then there is: ${list}`;
      if (isDone(set)) trial.tell(makes, ok(countOf(schema), words));
      else {
        await trial.settle(store);
        const later = await store.call(
          { method: 'set', id, data: { n: 1 }, maxAge: 600_000 },
          trial.patience.call,
        );
        const short = isDone(later) ? 'first save fails' : 'fails';
        trial.tell(makes, bad(short, `${words}. A moment later set: ${inWords(later)}`));
      }
      const timers = await store.ask('timers');
      trial.tell(sweeps, sweeper(trial, schema, timers));
      if (!trial.site.canBeAway)
        return trial.tell(plainIds, untested('in memory', 'The store keeps sessions in its own process.'));
      const dump = await settled(trial, async () => [await trial.site.place.dump()]);
      const at = dump.join('').indexOf(id);
      if (!dump.join('').trim())
        return trial.tell(plainIds, untested('not seen', 'Nothing was stored outside the process yet.'));
      const around = dump
        .join('')
        .slice(Math.max(0, at - 20), at + id.length + 5)
        .replaceAll(/\s+/g, ' ');
      trial.tell(
        plainIds,
        at === -1
          ? ok('not plain', `${id} is nowhere in what the backend holds.`)
          : bad('plain', `The backend holds: …${around}…`),
      );
    },
  },
  {
    behaviours: [holds],
    alone: true,
    async ask(trial) {
      const store = await used(trial);
      const timers = (await store.ask('timers')).filter((timer) => timer.holds);
      await store.ask('release', { close: false });
      const ms = await store.endsWithin(12_000);
      const words = timers.length ? ` Timers that hold it: ${timers.map(timerInWords).join(', ')}.` : '';
      if (ms === undefined) trial.tell(holds, bad('no', `The process did not end within 12 s.${words}`));
      else
        trial.tell(
          holds,
          ok(`after ${seconds(ms)}`, `The process ended by itself ${seconds(ms)} after its last work.`),
        );
    },
  },
  {
    behaviours: [closes],
    alone: true,
    async ask(trial) {
      const store = await used(trial);
      const can = store.opened?.canClose;
      const failed = await store.ask('release', { close: true });
      const ms = await store.endsWithin(8000);
      const open = trial.site.proxy?.open ?? 0;
      const words = `${can ? 'close()' : 'There is nothing to close'}${failed ? ` failed: ${failed}` : ''}. ${
        ms === undefined
          ? `The process did not end within 8 s; ${open} connections were open.`
          : `The process ended after ${seconds(ms)}.`
      }`;
      if (failed) trial.tell(closes, bad('close fails', words));
      else if (ms === undefined) trial.tell(closes, bad(can ? 'goes on' : 'no close', words));
      else trial.tell(closes, ok('ends', words));
    },
  },
  {
    behaviours: [all, length, clear],
    alone: true,
    async ask(trial) {
      const store = await trial.open();
      const set = (maxAge: number) =>
        store.call({ method: 'set', id: trial.newId(), data: { n: 1 }, maxAge }, trial.patience.call);
      for (const maxAge of [600_000, 600_000, 1000]) await set(maxAge);
      await delay(3200);
      const setUp = '2 sessions alive, 1 whose cookie ended 2 s before';
      for (const [id, behaviour] of [
        ['length', length],
        ['all', all],
      ] as const) {
        if (!store.has(id)) {
          trial.tell(behaviour, bad(`no ${id}()`, `The store has no ${id}().`));
          continue;
        }
        const outcome = await store.call({ method: id }, trial.patience.call);
        const count = countIn(outcome.value);
        const words = `${setUp}. ${id}(): ${inWords(outcome)}`;
        if (!isDone(outcome) || count === undefined)
          trial.tell(behaviour, bad(outcome.callbacks ? 'fails' : 'never calls back', words));
        else trial.tell(behaviour, count === 2 ? ok('2 of 2', words) : bad(`${count} of 2`, words));
      }
      if (!store.has('clear')) return trial.tell(clear, bad('no clear()', 'The store has no clear().'));
      const id = trial.newId();
      await store.call({ method: 'set', id, data: { n: 1 }, maxAge: 600_000 }, trial.patience.call);
      const outcome = await store.call({ method: 'clear' }, trial.patience.call);
      const after = await store.call({ method: 'get', id }, trial.patience.call);
      const words = `clear(): ${inWords(outcome)}; get of a session: ${inWords(after)}`;
      const isGone = isNone(after);
      trial.tell(
        clear,
        isDone(outcome) && isGone
          ? ok('all gone', words)
          : bad(outcome.callbacks ? 'fails' : 'never calls back', words),
      );
    },
  },
];

/** A store that was used, as a script would. */
async function used(trial: Trial) {
  const store = await trial.open();
  const id = trial.newId();
  await store.call({ method: 'set', id, data: { n: 1 }, maxAge: 600_000 }, trial.patience.call);
  await store.call({ method: 'get', id }, trial.patience.call);
  return store;
}

/** Asks until there is something, for a few seconds: some stores write later than they call back. */
async function settled(trial: Trial, ask: () => Promise<string[]>): Promise<string[]> {
  const until = performance.now() + (trial.site.canBeAway ? 6000 : 0);
  for (;;) {
    const seen = await ask().catch(() => []);
    if (seen.join('').trim() || performance.now() > until) return seen;
    await delay(200);
  }
}

function sweeper(trial: Trial, schema: readonly string[], timers: readonly Timer[]) {
  const own = timers.filter(({ ms }) => ms >= 5000);
  const words = `Timers: ${own.map(timerInWords).join(', ') || 'none'}. There is: ${schema.join(', ') || 'nothing but records'}.`;
  if (schema.some((name) => name.endsWith('(TTL)'))) return ok('TTL index', words);
  if (trial.site.ends) return ok('the server', `The server ends its own keys. ${words}`);
  // The timer of a driver is not the store's.
  const [first] = own.filter(({ by }) => !DRIVERS.test(by));
  return first ? ok('a timer', words) : bad('none seen', words);
}

const DRIVERS =
  /^(?:mongodb|redis|@redis\/.*|ioredis|pg|pg-.*|mysql2?|memcached|memjs|tarn|sequelize-pool|express|express-session)$/;

const timerInWords = ({ kind, ms, holds, by }: Timer) =>
  `${kind} ${Math.round(ms / 1000)} s of ${by}${holds ? '' : ' (unref)'}`;

/** '1 table, 2 indexes' */
function countOf(names: readonly string[]): string {
  const kinds = names.map(
    (name) => name.split(' ').find((word) => /^(?:table|collection|index|file)$/.test(word)) ?? '',
  );
  const counts = (['table', 'collection', 'index', 'file'] as const).map(
    (kind) => [kind, kinds.filter((each) => each === kind).length] as const,
  );
  const words = counts
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${count === 1 ? kind : kind === 'index' ? 'indexes' : `${kind}s`}`);
  return words.join(', ') || 'records only';
}

/** How many sessions an answer of all() or length() is. */
function countIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  return undefined;
}
