import { expect, it, vi } from 'vitest';
import { badLine } from '../fixtures/bad-line.ts';
import { Clone } from '../fixtures/clone.ts';
import { testRoom } from '../fixtures/test-room.ts';
import { deliver } from '../learner/deliver.ts';
import { standingsOf } from './standing.ts';

const LEARNERS = 200;
const REPORTS_EACH = 3;

vi.setConfig({ testTimeout: 180_000 });

it('loses no report of 200 learners who save at once, and doubles none, on a line that breaks off', async () => {
  const room = await testRoom(60_000);
  // Of eleven connections one is cut before the class hears of it, and one after it has stored and before it could say so.
  const line = await badLine(room.address, (connection) =>
    connection % 11 === 3 ? 'after' : connection % 11 === 7 ? 'before' : undefined,
  );
  const learners = await Promise.all(
    Array.from({ length: LEARNERS }, async (_, at) => {
      const clone = new Clone();
      const joined = await clone.joins(room, `Learner ${at}`);
      for (let times = 1; times <= REPORTS_EACH; times++)
        clone.grades(times < REPORTS_EACH ? 'fail' : 'pass');
      return { clone, membership: { ...joined, address: line.address } };
    }),
  );

  await Promise.all(
    learners.map(async ({ clone, membership }, at) => {
      const send = () => deliver(membership, AbortSignal.timeout(60_000), clone.root);
      // Every third has two terminals open, and both send what waits.
      for (let tries = 0; clone.waiting > 0 && tries < 50; tries++)
        await Promise.all(at % 3 ? [send()] : [send(), send()]);
    }),
  );

  expect(learners.filter(({ clone }) => clone.waiting > 0)).toEqual([]);
  expect(line.cut).toBeGreaterThan(20);
  const stored = await room.records.learners.find().toArray();
  expect(stored).toHaveLength(LEARNERS);
  const wrong = stored.filter(
    ({ reports }) =>
      reports
        .map(({ seq }) => seq)
        .sort()
        .join() !== '1,2,3',
  );
  expect(wrong).toEqual([]);
  const verdicts = stored.map(({ reports }) => standingsOf(reports)[3]?.verdict);
  expect(verdicts).toEqual(Array(LEARNERS).fill('pass'));
});
