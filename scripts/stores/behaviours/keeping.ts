import { isDeepStrictEqual } from 'node:util';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok, untested } from '../kit/cell.ts';
import type { OfClass } from '../kit/portable.ts';
import { ProcessLost } from '../kit/store-process.ts';
import type { Trial } from '../kit/trial.ts';
import { dataOf, inWords, isDone, isFound, isNone } from '../kit/words.ts';

type Data = Record<string, unknown>;

/** Puts data into a new session and takes it out again. */
async function roundTrip(trial: Trial, data: Data, id = trial.newId()) {
  const store = await trial.shared();
  const set = await store.call({ method: 'set', id, data, maxAge: 600_000 }, trial.patience.call);
  const get = await store.call({ method: 'get', id }, trial.patience.call);
  return {
    set,
    back: isDone(set) ? dataOf(get) : undefined,
    words: `set: ${inWords(set)}; get: ${inWords(get)}`,
  };
}

const behaviour = (about: Omit<Behaviour, 'group'>): Behaviour => ({ group: 'keeping', ...about });

const restart = behaviour({
  id: 'restart',
  title: 'restart',
  question: 'Is a session there after the app was killed and started again?',
  lesson: 3,
  must: true,
  trap: 'A deploy or a crash logs everybody out, and empties every cart.',
});

const data = behaviour({
  id: 'data',
  title: 'plain data',
  question: 'Do text, an emoji, a NUL character, numbers, null and nested arrays come back as they were?',
  lesson: 8,
  must: true,
  trap: 'Such a session is not saved, or comes back changed, and the shopper is told that all went well.',
});
const PLAIN = {
  text: 'mug für 5 €',
  emoji: '☕😀',
  nul: 'a\u0000b',
  number: 1.5,
  nothing: null,
  nested: [1, [2, { deep: [] }]],
  flag: false,
};

const keys = behaviour({
  id: 'keys',
  title: 'odd keys',
  question: "May a field's name have a dot or a dollar: cart: { 'v1.2 mug': 1, $gift: 1 }?",
  lesson: 8,
  must: false,
  trap: 'A cart with such a product name is not saved: use IDs as keys.',
});

const types = behaviour({
  id: 'types',
  title: 'a Date',
  question: 'What comes back of a Date, undefined, a Map and a Buffer? Is the session saved with them?',
  lesson: 8,
  must: true,
  trap: 'One such value in a session, and the whole session is not saved.',
});

const replaces = behaviour({
  id: 'replaces',
  title: 'removed fields',
  question: 'Is a field that was removed from the session gone from the store after the next save?',
  lesson: 8,
  must: true,
  trap: 'What an app deletes from a session comes back: a flash message forever, a role that was taken away.',
});

const copies = behaviour({
  id: 'copies',
  title: 'own copy',
  question: 'Is what get() gives a copy, so that a change of it is not in the store before it is saved?',
  lesson: 1,
  must: true,
  trap: 'Two requests of a shopper change one and the same object, and a request that failed has changed the session all the same.',
});

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

const size = behaviour({
  id: 'size',
  title: 'size',
  question: 'Does a session of 20 kB come back? And of 70 kB, 1.2 MB?',
  lesson: 10,
  must: true,
  trap: 'A session that grows over the limit is no longer saved.',
});
const SIZES = [
  ['20 kB', 20_000],
  ['70 kB', 70_000],
  ['1.2 MB', 1_200_000],
] as const;

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
      const get = async (id: string) => (await trial.open()).call({ method: 'get', id }, trial.patience.call);
      const first = await trial.open();
      const set = await first.call(
        { method: 'set', id: killed, data: { n: 1 }, maxAge: 600_000 },
        trial.patience.call,
      );
      await first.end();
      const after = await get(killed);
      const words = `set: ${inWords(set)}; killed at once; in a new process get: ${inWords(after)}`;
      if (isFound(after)) return trial.tell(restart, ok('kept', words));
      const second = await trial.open();
      await second.call({ method: 'set', id: closed, data: { n: 1 }, maxAge: 600_000 }, trial.patience.call);
      await second.ask('release', { close: true }).catch(() => {});
      await second.endsWithin(2000);
      await second.end();
      const afterClose = await get(closed);
      const also = `${words}. Closed in place of killed: ${inWords(afterClose)}`;
      trial.tell(restart, bad(isFound(afterClose) ? 'lost when killed' : 'lost', also));
    },
  },
  {
    behaviours: [data],
    async ask(trial) {
      const { back, words } = await roundTrip(trial, PLAIN);
      const changed = Object.keys(PLAIN).filter(
        (key) => !isDeepStrictEqual(back?.[key], PLAIN[key as keyof typeof PLAIN]),
      );
      if (changed.length === 0)
        trial.tell(data, ok('as it was', `text, emoji, NUL, number, null, nested arrays, false: ${words}`));
      else
        trial.tell(
          data,
          bad(
            back ? `changes ${changed.join(', ')}` : 'not saved',
            `${changed.join(', ')} did not come back as it was. ${words}`,
          ),
        );
    },
  },
  {
    behaviours: [keys],
    async ask(trial) {
      const cart = { 'v1.2 mug': 1, $gift: 2 };
      const { back, words } = await roundTrip(trial, { cart });
      const same = isDeepStrictEqual(back?.cart, cart);
      trial.tell(keys, (same ? ok : bad)(same ? 'kept' : back ? 'changed' : 'not saved', words));
    },
  },
  {
    behaviours: [types],
    async ask(trial) {
      const given = {
        when: new Date(0),
        gone: undefined,
        map: new Map([['k', 1]]),
        bytes: Buffer.from('b'),
        n: 1,
      };
      const { back, words } = await roundTrip(trial, given);
      if (back?.n !== 1) return trial.tell(types, bad('not saved', words));
      const kinds = {
        Date: kind(back.when),
        undefined: 'gone' in back ? kind(back.gone) : 'left out',
        Map: kind(back.map),
        Buffer: kind(back.bytes),
      };
      const all = Object.entries(kinds).map(([of, is]) => `${of}: ${is}`);
      trial.tell(types, ok(`as ${kinds.Date}`, `${all.join(', ')}. ${words}`));
    },
  },
  {
    behaviours: [replaces],
    async ask(trial) {
      const id = trial.newId();
      await roundTrip(trial, { stays: 1, flash: 'once' }, id);
      const { back, words } = await roundTrip(trial, { stays: 1 }, id);
      if (!back) trial.tell(replaces, bad('not saved', words));
      else trial.tell(replaces, 'flash' in back ? bad('stay', words) : ok('gone', words));
    },
  },
  {
    behaviours: [copies],
    async ask(trial) {
      const id = trial.newId();
      await roundTrip(trial, { n: 1 }, id);
      const seen = await (await trial.shared())
        .ask('changeOutside', { id, patience: trial.patience.call }, trial.patience.call)
        .catch((error: Error) => error);
      if (seen instanceof ProcessLost) throw seen;
      if (seen instanceof Error) return trial.tell(copies, untested('get() failed', seen.message));
      const words = `get, session.changed = 'outside', no set, get again: changed is ${String(seen)}`;
      trial.tell(copies, seen === undefined ? ok('copy', words) : bad('live object', words));
    },
  },
  {
    behaviours: [apart],
    async ask(trial) {
      const base = trial.newId('case');
      const own = [base, base.toUpperCase(), `${base}x`];
      for (const [n, id] of own.entries()) await roundTrip(trial, { n }, id);
      const store = await trial.shared();
      const seen: unknown[] = [];
      for (const id of own)
        seen.push(dataOf(await store.call({ method: 'get', id }, trial.patience.call))?.n);
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
        trial.patience.call,
      );
      const words = `get: ${inWords(get)}`;
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
    behaviours: [size],
    async ask(trial) {
      const lines: string[] = [];
      let largest: string | undefined;
      for (const [name, length] of SIZES) {
        const text = 'x'.repeat(length);
        const { set, back, words } = await roundTrip(trial, { text });
        const same = back?.text === text;
        lines.push(`${name}: ${same ? `came back, set took ${Math.round(set.ms)} ms` : words}`);
        if (!same) break;
        largest = name;
      }
      trial.tell(size, (largest ? ok : bad)(largest ? `to ${largest}` : 'not 20 kB', lines.join('; ')));
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
  {
    behaviours: [order],
    async ask(trial) {
      let [seconds, errors] = [0, 0];
      let example = '';
      for (let round = 0; round < 12; round++) {
        const store = await trial.shared();
        const id = trial.newId();
        const set = (n: number) =>
          ({ method: 'set', id, data: { n }, maxAge: 600_000, patience: trial.patience.call }) as const;
        const both = await store.together([set(1), set(2)], trial.patience.call);
        const failed = both.find((each) => !isDone(each));
        if (failed) example ||= ` One failed: ${inWords(failed)}.`;
        errors += failed ? 1 : 0;
        if (dataOf(await store.call({ method: 'get', id }, trial.patience.call))?.n === 2) seconds++;
      }
      const words = `The second of two set() in one turn won ${seconds} of 12 times; one of them failed ${errors} times.${example}`;
      const short = `${seconds}/12${errors ? `, ${errors} fail` : ''}`;
      trial.tell(order, seconds === 12 && errors === 0 ? ok('second wins', words) : bad(short, words));
    },
  },
];

function kind(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return (value as OfClass).$class ?? value.constructor.name;
}
