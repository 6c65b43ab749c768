import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import { ProcessLost } from '../kit/store-process.ts';
import { dataOf, describeOutcome, isDone, isFound, isSilent } from '../kit/words.ts';

const behaviour = (about: Omit<Behaviour, 'group'>): Behaviour => ({ group: 'keeping', ...about });

const restart = behaviour({
  id: 'restart',
  title: 'restart',
  question: 'Is a session there after the app was killed and started again?',
  lesson: 3,
  must: true,
  trap: 'A deploy or a crash logs everybody out, and empties every cart.',
});

const copies = behaviour({
  id: 'copies',
  title: 'own copy',
  question:
    'Is a change of what get() gave, or of what set() was given, not in the store before it is saved, an array in it included? And does set() leave the session’s cookie as it is?',
  lesson: 1,
  must: true,
  trap: 'Two requests of a shopper change one and the same object, and a request that failed has changed the session all the same.',
});

const saved = behaviour({
  id: 'saved',
  title: 'saved when told',
  question: 'Is a session there, as it was saved last, as soon as set() has called back, each of 12 times?',
  lesson: 7,
  must: true,
  trap: 'The page after a login knows nobody, now and then: a redirect is quicker than the save.',
});

const order = behaviour({
  id: 'order',
  title: 'two saves at once',
  question: 'Of two set() of a session in one turn, does the second win, each of 12 times, without an error?',
  lesson: 8,
  must: false,
  trap: 'With a pool of connections the older of two saves may win, or one of them fails: a form beside an XHR.',
});

export const keeping: readonly Scenario[] = [
  {
    behaviours: [restart],
    alone: true,
    async ask(trial) {
      const [killed, closed] = [trial.newId('killed'), trial.newId('closed')];
      // One process at a time, because some files are locked.
      const get = async (id: string) => {
        const reader = await trial.open();
        const got = await reader.call({ method: 'get', id }, trial.limits.call);
        await reader.end();
        return got;
      };
      const first = await trial.open();
      const set = await first.call(
        { method: 'set', id: killed, data: { n: 1 }, maxAge: 600_000 },
        trial.limits.call,
      );
      await first.end();
      const after = await get(killed);
      const words = `set: ${describeOutcome(set)}; killed at once; in a new process get: ${describeOutcome(after)}`;
      if (isFound(after)) return trial.tell(restart, ok('kept', words));
      const second = await trial.open();
      await second.call({ method: 'set', id: closed, data: { n: 1 }, maxAge: 600_000 }, trial.limits.call);
      await second.ask('release', { close: true }).catch(() => {});
      await second.endsWithin(2000);
      await second.end();
      const afterClose = await get(closed);
      const also = `${words}. Closed in place of killed: ${describeOutcome(afterClose)}`;
      trial.tell(restart, bad(isFound(afterClose) ? 'lost when killed' : 'lost', also));
    },
  },
  {
    behaviours: [copies],
    async ask(trial) {
      const detail = { ids: [trial.newId(), trial.newId()] as const, limitMs: trial.limits.call };
      const seen = await (await trial.shared())
        .ask('changeOutside', detail, trial.limits.call)
        .catch((error: Error) => error);
      if (seen instanceof ProcessLost) throw seen;
      if (seen instanceof Error) return trial.tell(copies, untested('get() failed', seen.message));
      const words = `A session from get(), and one that set() had been given, were changed and not saved: ${seen.join('; ') || 'none of it was in the store, and set() changed nothing'}.`;
      const isStored = (what: string) => seen.some((line) => line.includes(`was ${what}`));
      const short = isStored('a field')
        ? 'live object'
        : isStored('an element')
          ? 'shallow copy'
          : 'set() changes it';
      // A field that set() adds to the session of its request does no harm.
      const isCopy = seen.every((line) => line.includes('by the fields'));
      trial.tell(copies, isCopy ? ok('copy', words) : bad(short, words));
    },
  },
  {
    behaviours: [saved],
    async ask(trial) {
      const store = await trial.shared();
      const id = trial.newId();
      const lines: string[] = [];
      let good = 0;
      for (let n = 1; n <= 12; n++) {
        // Every second ID is already stored, with other data.
        const call = { id: n % 2 ? `${id}-${n}` : `${id}-${n - 1}`, data: { n }, maxAge: 600_000 };
        const set = await store.call({ method: 'set', ...call }, trial.limits.call);
        const got = await store.call({ method: 'get', id: call.id }, trial.limits.call);
        if (isDone(set) && dataOf(got)?.n === n) good++;
        else lines.push(`set of n = ${n}: ${describeOutcome(set)}; get: ${describeOutcome(got)}`);
        if (isSilent(set) || isSilent(got)) break;
      }
      const words = `12 times set() and then at once get(): ${good} times it was there as it had been saved. ${lines.join('; ').slice(0, 400)}`;
      trial.tell(saved, good === 12 ? ok('there', words) : bad(`${good}/12`, words));
    },
  },
  {
    behaviours: [order],
    async ask(trial) {
      let [seconds, errors] = [0, 0];
      let example = '';
      for (let round = 0; round < 12; round++) {
        const store = await trial.shared();
        const id = trial.newId();
        const set = (n: number) =>
          ({ method: 'set', id, data: { n }, maxAge: 600_000, limitMs: trial.limits.call }) as const;
        const both = await store.together([set(1), set(2)], trial.limits.call);
        const failed = both.find((each) => !isDone(each));
        if (failed) example ||= ` One failed: ${describeOutcome(failed)}.`;
        errors += failed ? 1 : 0;
        if (dataOf(await store.call({ method: 'get', id }, trial.limits.call))?.n === 2) seconds++;
      }
      const words = `The second of two set() in one turn won ${seconds} of 12 times; one of them failed ${errors} times.${example}`;
      const short = `${seconds}/12${errors ? `, ${errors} fail` : ''}`;
      trial.tell(order, seconds === 12 && errors === 0 ? ok('second wins', words) : bad(short, words));
    },
  },
];
