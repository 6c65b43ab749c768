import { isDeepStrictEqual } from 'node:util';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok } from '../kit/cell.ts';
import { dataOf, describeOutcome, isDone, isFound, isNone } from '../kit/words.ts';
import { roundTrip } from './round-trip.ts';

const behaviour = (about: Omit<Behaviour, 'group'>): Behaviour => ({ group: 'keeping', ...about });

const apart = behaviour({
  id: 'apart',
  title: 'IDs apart',
  question: 'Are sessions apart whose IDs differ in one letter, or only in upper and lower case?',
  lesson: 1,
  must: true,
  trap: 'Two shoppers share a session.',
});

const unknown = behaviour({
  id: 'unknown',
  title: 'unknown ID',
  question: 'Does get() of an ID that it never had call back without an error and without a session?',
  lesson: 3,
  must: true,
  trap: 'Whoever comes with an old cookie gets an error page, or somebody else’s session.',
});

const ids = behaviour({
  id: 'ids',
  title: 'odd IDs',
  question: 'Are IDs with a slash, a percent sign, a space, unicode, and of 129 and 300 characters kept?',
  lesson: 3,
  must: false,
  trap: 'express-session makes 32 plain characters; a genid() of your own must stay within what the store takes.',
});

const IDS = {
  slash: 'kit/odd/id',
  percent: 'kit%2Fodd%',
  space: 'kit odd id',
  unicode: 'kit-ödd-☕',
  '129 characters': 'k'.repeat(129),
  '300 characters': 'K'.repeat(300),
};

export const oddIds: readonly Scenario[] = [
  {
    behaviours: [apart],
    async ask(trial) {
      const base = trial.newId('case');
      const own = [base, base.toUpperCase(), `${base}x`];
      for (const [n, id] of own.entries()) await roundTrip(trial, { n }, id);
      const store = await trial.shared();
      const seen: unknown[] = [];
      for (const id of own) seen.push(dataOf(await store.call({ method: 'get', id }, trial.limits.call))?.n);
      const words = `${own.join(', ')} were given n = 0, 1, 2; get gives n = ${seen.map(String).join(', ')}`;
      trial.tell(
        apart,
        isDeepStrictEqual(seen, [0, 1, 2])
          ? ok('apart', words)
          : bad(seen[0] === 1 ? 'a = A' : 'mixed', words),
      );
    },
  },
  {
    behaviours: [unknown],
    async ask(trial) {
      const get = await (await trial.shared()).call(
        { method: 'get', id: trial.newId('never') },
        trial.limits.call,
      );
      const words = `get: ${describeOutcome(get)}`;
      const good = isNone(get);
      trial.tell(
        unknown,
        good
          ? ok(isDone(get) ? 'nothing' : 'ENOENT', words)
          : bad(isFound(get) ? 'a session' : 'no answer or error', words),
      );
    },
  },
  {
    behaviours: [ids],
    async ask(trial) {
      const failed: string[] = [];
      const lines: string[] = [];
      for (const [name, id] of Object.entries(IDS)) {
        const { back, words } = await roundTrip(trial, { name }, id);
        const same = back?.name === name;
        lines.push(`${name}: ${same ? 'came back' : words}`);
        if (!same) failed.push(name);
      }
      trial.tell(
        ids,
        failed.length ? bad(`not ${failed.join(', ')}`, lines.join('; ')) : ok('all', lines.join('; ')),
      );
    },
  },
];
