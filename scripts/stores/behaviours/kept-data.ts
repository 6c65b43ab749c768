import { isDeepStrictEqual } from 'node:util';
import type { Behaviour, Scenario } from '../kit/behaviour.ts';
import { bad, ok } from '../kit/cell.ts';
import type { OfClass } from '../kit/portable.ts';
import { roundTrip } from './round-trip.ts';

const behaviour = (about: Omit<Behaviour, 'group'>): Behaviour => ({ group: 'keeping', ...about });

const data = behaviour({
  id: 'data',
  title: 'plain data',
  question: 'Do text, an emoji, a NUL character, numbers, null and nested arrays come back as they were?',
  lesson: 8,
  must: true,
  trap: 'Such a session is not saved, cannot be read any more, or comes back changed, and the shopper is told that all went well.',
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

export const keptData: readonly Scenario[] = [
  {
    behaviours: [data],
    async ask(trial) {
      const { back, lost, words } = await roundTrip(trial, PLAIN);
      const changed = Object.keys(PLAIN).filter(
        (key) => !isDeepStrictEqual(back?.[key], PLAIN[key as keyof typeof PLAIN]),
      );
      if (changed.length === 0)
        trial.tell(data, ok('as it was', `text, emoji, NUL, number, null, nested arrays, false: ${words}`));
      else
        trial.tell(
          data,
          bad(
            back ? `changes ${changed.join(', ')}` : lost,
            `${changed.join(', ')} did not come back as it was. ${words}`,
          ),
        );
    },
  },
  {
    behaviours: [keys],
    async ask(trial) {
      const cart = { 'v1.2 mug': 1, $gift: 2 };
      const { back, lost, words } = await roundTrip(trial, { cart });
      const same = isDeepStrictEqual(back?.cart, cart);
      trial.tell(keys, (same ? ok : bad)(same ? 'kept' : back ? 'changed' : lost, words));
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
      const { back, lost, words } = await roundTrip(trial, given);
      if (back?.n !== 1) return trial.tell(types, bad(back ? 'changed' : lost, words));
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
      const { back, lost, words } = await roundTrip(trial, { stays: 1 }, id, (back) => !('flash' in back));
      if (!back) trial.tell(replaces, bad(lost, words));
      else trial.tell(replaces, 'flash' in back ? bad('stay', words) : ok('gone', words));
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
];

function kind(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return (value as OfClass).$class ?? value.constructor.name;
}
