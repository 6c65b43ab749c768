import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { type Footing, footer } from './footer.ts';

const FOOTING: Footing = { address: 'http://localhost:3000', database: 'mongodb://127.0.0.1:1/shop' };
const shown = (footing: Footing, terminal: Parameters<typeof footer>[1]) =>
  stripVTControlCharacters(footer(footing, terminal));

it('says where the shop and its database are, and which keys there are', () => {
  expect(shown(FOOTING, { isTTY: true, columns: 80, rows: 40 })).toBe(`\
  shop   http://localhost:3000
  Mongo  mongodb://127.0.0.1:1/shop
  keys   h hint   r restart   t text   n next lesson   o open workbench   q quit
`);
});

it('takes three rows where there are few, none of them wider than 80 columns', () => {
  const low = { isTTY: true, columns: 80, rows: 16 };
  expect(shown(FOOTING, low)).toBe(`\
  shop   http://localhost:3000
  Mongo  mongodb://127.0.0.1:1/shop
  h hint   r restart   t text   n next   o open   q quit`);
  for (const line of shown({ ...FOOTING, instances: ['A', 'B'] }, low).split('\n'))
    expect(line.length).toBeLessThanOrEqual(80);
});

it('says where the workbench is, and what else stands ready', () => {
  const more = { ...FOOTING, bench: 'http://127.0.0.1:4100/x/', more: ['Redis: redis-server 7'] };
  expect(shown(more, {})).toContain(
    '  bench  http://127.0.0.1:4100/x/\n  Mongo  mongodb://127.0.0.1:1/shop\n         Redis: redis-server 7\n',
  );
});

it('names no keys without a terminal, and more with several instances', () => {
  expect(shown(FOOTING, {})).not.toContain('keys');
  expect(shown({ ...FOOTING, instances: ['A', 'B'] }, { isTTY: true })).toContain('k kill A');
});

it('says that the shop is not open', () => {
  expect(shown({ ...FOOTING, address: undefined }, {})).toContain('shop   not open');
});
