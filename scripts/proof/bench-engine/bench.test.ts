import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { inTurns, median, ratio } from '../../shared/measure.ts';
import { type Figure, isOver, renderFigures } from './figure.ts';
import { sessionDocument } from './session.ts';
import { startStub } from './stub.ts';

const figure = (value: number, limit?: number): Figure => ({
  name: 'find / stub',
  value,
  unit: 'times',
  detail: '3 ms / 2 ms',
  ...(limit === undefined ? {} : { limit }),
});

test('a figure is over when it reaches its limit, and never without one', () => {
  expect([figure(1.99, 2), figure(2, 2), figure(9)].map(isOver)).toEqual([false, true, false]);
});

test('the table shows each figure beside its limit', () => {
  expect(renderFigures([figure(1.5, 2), figure(2.5, 2), figure(9)]).split('\n')).toEqual([
    'what         figure  limit          made of',
    'find / stub  1.50x   < 2.00x  ok    3 ms / 2 ms',
    'find / stub  2.50x   < 2.00x  OVER  3 ms / 2 ms',
    'find / stub  9.00x                  3 ms / 2 ms',
  ]);
});

test('one slow round does not move a ratio', () => {
  expect(ratio([2, 2, 900, 4, 2], [1, 1, 1, 2, 1])).toBe(2);
  expect(median([5, 1, 3])).toBe(3);
});

test('works are timed in turns, and the first rounds are not counted', async () => {
  const done: string[] = [];
  const times = await inTurns([async () => done.push('a'), async () => done.push('b')], 4);
  expect(times.map((rounds) => rounds.length)).toEqual([4, 4]);
  expect(done.join('')).toBe('ab'.repeat(5));
});

test('the stub answers a driver with what it has canned', async () => {
  const stub = await startStub();
  const client = await MongoClient.connect(stub.uri);
  const sessions = client.db('shop').collection<{ _id: string }>('sessions');
  expect(await sessions.findOne({ _id: 'any' })).toEqual(sessionDocument(0));
  expect(await sessions.updateOne({ _id: 'any' }, { $set: { n: 1 } })).toMatchObject({ modifiedCount: 1 });
  await client.close();
  await stub.stop();
});
