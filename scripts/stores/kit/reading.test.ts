import { expect, it } from 'vitest';
import { portable } from './portable.ts';
import { endIn } from './record-end.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const DAY = 86_400_000;

it.each([
  ['Redis', `sess:a {"cookie":{"expires":null}} ends ${NOW + DAY}`],
  ['memcached', `key=a exp=${(NOW + DAY) / 1000} cls=1`],
  ['PostgreSQL', "INSERT INTO public.session VALUES ('a', '{}', '2026-03-02 12:00:00');"],
  ['MariaDB', `INSERT INTO sessions VALUES ('a',${(NOW + DAY) / 1000},'{}')`],
  ['MongoDB', '[[{"_id":"a","expires":{"$date":"2026-03-02T12:00:00Z"}}]]'],
  ['with a zone', "VALUES ('a', '2026-03-02 12:00:00+00')"],
])('the end of a record is read from a dump of %s', (_, dump) => {
  expect(endIn(dump, NOW)).toBe(NOW + DAY);
});

it.each([
  ['a time that has passed', '2026-02-28 12:00:00'],
  ['a number that is a part of a longer one', '12345678901234567890'],
  ['a number after a point', '0.1772452800000'],
  ['a time in a century', '2126-03-01 12:00:00'],
  ['none', '{"n":1}'],
])('%s is no end', (_, dump) => {
  expect(endIn(dump, NOW)).toBeUndefined();
});

it('a value keeps its kind on its way to another process, or says its class', () => {
  class ObjectId {
    toString = () => '65';
  }
  const when = new Date(0);
  const given = {
    when,
    map: new Map([['k', 1]]),
    gone: undefined,
    id: new ObjectId(),
    work: () => 1,
    list: [[1]],
  };
  expect(portable(given)).toEqual({
    when,
    map: new Map([['k', 1]]),
    gone: undefined,
    id: { $class: 'ObjectId', text: '65' },
    work: undefined,
    list: [[1]],
  });
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(JSON.stringify(portable(circle))).toContain('…');
});
