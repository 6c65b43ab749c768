import { BSON } from 'mongodb';
import { expect, it } from 'vitest';
import { Clone } from '../fixtures/clone.ts';
import { flakyProxy } from '../fixtures/flaky-proxy.ts';
import { startTestClass } from '../fixtures/test-class.ts';
import { deliver } from '../learner/deliver.ts';
import { prepare } from './records.ts';

const LEARNERS = 200;
const REPORTS_EACH = 3;

it('loses no report of 200 learners who save at once, and doubles none, on a line that breaks off', async () => {
  const testClass = await startTestClass(60_000);
  // Of eleven connections, one is cut before the class gets the request, and one after the class has answered, before the answer arrives.
  const line = await flakyProxy(testClass.address, (connection) =>
    connection % 11 === 3 ? 'after' : connection % 11 === 7 ? 'before' : undefined,
  );
  const learners = await Promise.all(
    Array.from({ length: LEARNERS }, async (_, at) => {
      const clone = new Clone();
      const joined = await clone.joins(testClass, `Learner ${at}`);
      for (let times = 1; times <= REPORTS_EACH; times++)
        clone.grades(times < REPORTS_EACH ? 'fail' : 'pass');
      return { clone, membership: { ...joined, address: line.address } };
    }),
  );

  await Promise.all(
    learners.map(async ({ clone, membership }, at) => {
      const send = () => deliver(membership, AbortSignal.timeout(600_000), clone.root);
      // Every third learner has two terminals open, and both send the queue.
      for (let tries = 0; clone.waiting > 0 && tries < 50; tries++)
        await Promise.all(at % 3 ? [send()] : [send(), send()]);
    }),
  );

  expect(learners.filter(({ clone }) => clone.waiting > 0)).toEqual([]);
  expect(line.cut).toBeGreaterThan(20);
  const stored = await testClass.records.learners.find().toArray();
  expect(stored).toHaveLength(LEARNERS);
  const counts = stored.map(({ standings, reportIds }) => [
    standings[3]?.verdict,
    standings[3]?.reports,
    reportIds.length,
  ]);
  expect(counts).toEqual(Array(LEARNERS).fill(['pass', REPORTS_EACH, REPORTS_EACH]));
});

it('keeps a document that does not grow with the number of reports, and counts those of version 0.1 once', async () => {
  const testClass = await startTestClass();
  const clone = new Clone();
  const membership = await clone.joins(testClass, 'Ann');
  const { learners } = testClass.records;
  const size = async () => BSON.calculateObjectSize((await learners.findOne({})) ?? {});
  const report = async (times: number) => {
    for (let time = 0; time < times; time++) clone.grades('fail');
    await deliver(membership, AbortSignal.timeout(600_000), clone.root);
  };
  await report(110);
  const before = await size();
  await report(110);
  expect(await size()).toBe(before);
  expect((await learners.findOne({}))?.standings[3]?.reports).toBe(220);

  const steps = [{ id: '3.1', verdict: 'pass' }];
  const old = { id: 'report-1', seq: 1, lesson: 3, verdict: 'pass', steps, at: new Date(0) };
  const fields = { standings: '', reportIds: '' } as const;
  await learners.updateOne({}, { $set: { reports: [old] }, $unset: fields } as never);
  for (let start = 0; start < 2; start++) await prepare(testClass.records);
  expect(await learners.findOne({})).toMatchObject({
    standings: { 3: { verdict: 'pass', since: new Date(0), reports: 1, steps: '1 of 1' } },
    reportIds: ['report-1'],
  });
  expect(await learners.findOne({})).not.toHaveProperty('reports');
});
