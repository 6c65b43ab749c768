import { describe, expect, it } from 'vitest';
import type { StepVerdict } from '../../grader/verdict.ts';
import {
  differences,
  type Message,
  messageOf,
  messagesOn,
  messagesPage,
  refreshed,
  steady,
} from './messages.ts';

const FAIL: StepVerdict = {
  id: '1.2',
  name: 'the cart survives',
  verdict: 'fail',
  sent: 'GET /cart\nno Cookie',
  got: '200, an empty cart',
  likely: 'No store.',
  look: 'solutions/01-hello/app.ts:31',
};

function message(answer: string, change: Partial<StepVerdict> = {}): Message {
  return messageOf({ number: 1, title: 'Say hello' }, answer, { ...FAIL, ...change });
}

it('is told as a learner reads it, with the evidence of MongoDB where there is some', () => {
  expect(message('no store').text).toBe(`sent    GET /cart
        no Cookie
got     200, an empty cart
likely  No store.
look    solutions/01-hello/app.ts:31`);
  expect(message('no store', { mongo: 'shop.sessions is empty' }).text).toContain('\nMongo   shop.sessions');
});

it.each([
  ['Cookie: connect.sid=s%3AQ7n2kPq0bO5m…; Path=/', 'Cookie: connect.sid=s%3A<id>…; Path=/'],
  ['the document -_bcDEF9… is left', 'the document <id>… is left'],
  ['_id 0v6xz3VPW-C_pI6KyHNeEBoX9rlA5pe8.', '_id <id>.'],
  ['expires 2026-11-23T12:00:00.001Z', 'expires <date>'],
  ['Expires=Mon, 23 Nov 2026 12:00:00 GMT', 'Expires=<date>'],
  ['loggedInAt: 1795466299454 }', 'loggedInAt: <time> }'],
  ['connect ECONNREFUSED 127.0.0.1:40123', 'connect ECONNREFUSED 127.0.0.1:<port>'],
  ['then process 4711 ended', 'then process <pid> ended'],
  ['MONGODB_PASSWORD=p@ss0123456789abcdef01234567', 'MONGODB_PASSWORD=p@ss<secret>'],
  ['_id 6b873621-12cc-4155-bb97-0d7d8af5062c', '_id <id>'],
  ['s:session-of-ann-1.9NGBX0ikpul+uZWI0sA2AzpEIX1bk2900xiyix/om9A', 's:<id>…'],
  ["it is nobody's: the s: in front", "it is nobody's: the s: in front"],
  ['no answer within 24 s', 'no answer within <n> s'],
  ['the document ends in 9.9 minutes', 'the document ends in <time>'],
  [
    'sent    13 × POST /cart, while A and then B was replaced; then\n        GET /cart\ngot     200, a cart with 1 × beans',
    'sent    <n> × POST /cart, while A and then B was replaced; then\n        GET /cart\ngot     200, <the cart>',
  ],
  ['is empty; the shop sent 2 find, 1 update', 'is empty; the shop sent <commands>'],
  ['is empty; the shop sent no command', 'is empty; the shop sent <commands>'],
  ['mongodb://127.0.0.1:27017/test', 'mongodb://127.0.0.1:27017/test'],
  ['2 × mug, 303 to /cart, 12 updates', '2 × mug, 303 to /cart, 12 updates'],
])('%s is told as %s', (words, told) => {
  expect(steady(words)).toBe(told);
});

describe('the page', () => {
  const messages = [
    message('b'),
    message('a'),
    message('c', { id: '1.10', name: 'the tenth' }),
    message('d', { id: '1.1', name: 'the first' }),
  ];

  it('is by lesson and step as they are counted, and by name, and can be read again', () => {
    const page = messagesPage(messages);
    expect(messagesOn(page).map(({ answer }) => answer)).toEqual(['d', 'a', 'b', 'c']);
    expect(messagesPage(messagesOn(page))).toBe(page);
    expect(page.match(/^#+ .+$/gm)).toEqual([
      '# What a failing step says',
      '## Lesson 1: Say hello',
      '### 1.1 the first',
      '### 1.2 the cart survives',
      '### 1.10 the tenth',
    ]);
  });

  it('keeps what was not graded now, and drops answers that are none any more', () => {
    const now = refreshed(
      messagesPage(messages),
      [message('a', { likely: 'Another one.' })],
      ({ answer }) => answer !== 'd',
    );
    expect(messagesOn(now).map(({ answer }) => answer)).toEqual(['a', 'b', 'c']);
    expect(now).toContain('likely  Another one.');
    expect(differences(messagesPage(messages), now)).toEqual(['lesson 1: wrong: d', 'lesson 1: wrong: a']);
  });
});
