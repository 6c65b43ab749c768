import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import type { StoreProcess } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { describeOutcome, isDone, isFound } from '../kit/words.ts';

const behaviour = (about: Omit<Behaviour, 'group'>): Behaviour => ({ group: 'leaving', ...about });

const makes = behaviour({
  id: 'makes',
  title: 'makes',
  question:
    'Does the first set() work in an empty place, and what does the store make there: tables, indexes, events, files?',
  lesson: 2,
  must: true,
  trap: 'The first visitors after a start are told that all went well, and nothing was saved: wait for the store, or make the table in a migration.',
});

const plainIds = behaviour({
  id: 'plain-ids',
  title: 'IDs',
  question: 'Does the backend hold session IDs in plain text?',
  lesson: 6,
  must: false,
  trap: 'Whoever reads a backup has the IDs. Without the secret no cookie can be made of them: guard the secret elsewhere.',
});

export const making: readonly Scenario[] = [
  {
    behaviours: [makes, plainIds],
    alone: true,
    async ask(trial) {
      const id = trial.newId('plain');
      const mark = trial.newId('mark');
      const call = {
        method: 'set',
        id,
        data: { mark },
        maxAge: 600_000,
        limitMs: trial.limits.call,
      } as const;
      // In the same turn: a moment later the store may be ready, on a slow machine more often than on a fast one.
      const store = await trial.open({ settled: false, first: call });
      const save = () => store.call(call, trial.limits.call);
      const set = store.opened?.first ?? (await save());
      await store.call({ method: 'get', id }, trial.limits.call);
      const schema = await settled(trial, () => trial.site.place.schema());
      const list = schema.join(', ') || 'nothing but records';
      const words = `first set: ${describeOutcome(set)}; then there is: ${list}`;
      if (isDone(set)) trial.tell(makes, ok(countOf(schema), words));
      else {
        await trial.settle(store);
        const later = await save();
        const short = isDone(later) ? 'first save fails' : 'fails';
        trial.tell(makes, bad(short, `${words}. A moment later set: ${describeOutcome(later)}`));
      }
      if (!trial.site.canBeAway)
        return trial.tell(
          plainIds,
          untested('in memory', 'It was opened without a backend: there is none to look into.'),
        );
      await tellPlain(trial, store, id, mark);
    },
  },
];

/** Asks for a few seconds, until there is something: some stores call back before they write. */
async function settled(trial: Trial, ask: () => Promise<string[]>): Promise<string[]> {
  const until = performance.now() + (trial.site.canBeAway ? 6000 : 0);
  for (;;) {
    const seen = await ask().catch(() => []);
    if (seen.join('').trim() || performance.now() > until) return seen;
    await delay(200);
  }
}

/** Looks for an ID in the backend, once the session is there: its data are visible, or another process finds it. */
async function tellPlain(trial: Trial, store: StoreProcess, id: string, mark: string): Promise<void> {
  const [dump = ''] = await settled(trial, async () => {
    const all = await trial.site.place.dump();
    return all.includes(id) || all.includes(mark) ? [all] : [];
  });
  const at = dump.indexOf(id);
  if (at !== -1) {
    const around = dump.slice(Math.max(0, at - 20), at + id.length + 5).replaceAll(/[^\x20-\x7e]+/g, '·');
    return trial.tell(plainIds, bad('plain', `The backend holds: …${around}…`));
  }
  if (dump)
    return trial.tell(
      plainIds,
      ok('not plain', `The data of ${id} are in what the backend holds, and the ID is not.`),
    );
  // Some stores lock their file while a process has it.
  await store.end();
  const get = await (await trial.open()).call({ method: 'get', id }, trial.limits.call);
  const words = `Neither ${id} nor its data can be read in what the backend holds. In a new process get: ${describeOutcome(get)}`;
  trial.tell(plainIds, isFound(get) ? ok('not plain', words) : untested('not seen', words));
}

/** '1 table, 2 indexes' */
function countOf(names: readonly string[]): string {
  const kinds = names.map(
    (name) =>
      name.split(' ').find((word) => /^(?:table|collection|index|event|trigger|file)$/.test(word)) ?? '',
  );
  const counts = (['table', 'collection', 'index', 'event', 'trigger', 'file'] as const).map(
    (kind) => [kind, kinds.filter((each) => each === kind).length] as const,
  );
  const words = counts
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${count === 1 ? kind : kind === 'index' ? 'indexes' : `${kind}s`}`);
  return words.join(', ') || 'records only';
}
