import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { refusedUri } from '../../mongo/refused.ts';
import { Clone } from '../fixtures/clone.ts';
import { flakyProxy } from '../fixtures/flaky-proxy.ts';
import { startTestClass, type TestClass } from '../fixtures/test-class.ts';
import { endClass } from '../server/classes.ts';
import { deliver } from './deliver.ts';
import { readMembership } from './membership.ts';
import { waiting } from './queue.ts';

const limit = (ms = 600_000) => AbortSignal.timeout(ms);

it('sends what waits, in order, and then nothing waits', async () => {
  const testClass = await startTestClass();
  const clone = new Clone();
  const membership = await clone.joins(testClass, 'Ann');
  for (const verdict of ['fail', 'fail', 'pass'] as const) clone.grades(verdict);
  expect(clone.waiting).toBe(3);
  const inOrder = waiting(clone.root).map((name) => name.split('.')[1]);
  expect(await deliver(membership, limit(), clone.root)).toEqual({ left: 0, news: [] });
  expect(await reportsIn(testClass)).toEqual(inOrder);
  const { standings } = (await testClass.records.learners.findOne({})) ?? {};
  expect(standings).toMatchObject({ 3: { verdict: 'pass', seq: 3, reports: 3 } });
  // The count continues.
  clone.grades('fail');
  expect(waiting(clone.root)).toEqual([expect.stringMatching(/^00000004\./)]);
});

it('keeps all while the class is away, says why, and sends each once when it is back', async () => {
  const testClass = await startTestClass();
  const clone = new Clone();
  const membership = await clone.joins(testClass, 'Ann');
  const away = await refusedUri();
  onTestFinished(() => away.release());
  const nowhere = { ...membership, address: away.uri.replace('mongodb', 'http').replace(/\/$/, '') };
  clone.grades('fail');
  clone.grades('pass');
  const undelivered = { left: 2, why: 'nothing listens there', news: [] };
  expect(await deliver(nowhere, limit(), clone.root)).toEqual(undelivered);
  expect(await deliver(membership, limit(), clone.root)).toEqual({ left: 0, news: [] });
  expect(await reportsIn(testClass)).toHaveLength(2);
});

it('sends again what was not confirmed, and the class has it once', async () => {
  const testClass = await startTestClass();
  const clone = new Clone();
  const line = await flakyProxy(
    testClass.address,
    (connection) => (['after', 'before'] as const)[connection],
  );
  const membership = { ...(await clone.joins(testClass, 'Ann')), address: line.address };
  clone.grades('pass');
  expect(await deliver(membership, limit(), clone.root)).toMatchObject({ left: 1 });
  expect(await reportsIn(testClass)).toHaveLength(1);
  expect(await deliver(membership, limit(), clone.root)).toMatchObject({ left: 1 });
  expect(line.cut).toBe(2);
  expect(await deliver(membership, limit(), clone.root)).toMatchObject({ left: 0 });
  expect(await reportsIn(testClass)).toHaveLength(1);
});

it('keeps all while the database of the class is away', async () => {
  const testClass = await startTestClass(500);
  const clone = new Clone();
  const membership = await clone.joins(testClass, 'Ann');
  clone.grades('pass');
  await testClass.tap.refuse();
  const { left, why } = await deliver(membership, limit(), clone.root);
  expect({ left, why }).toEqual({ left: 1, why: expect.stringContaining('cannot reach its database') });
  await testClass.tap.behave();
  await vi.waitFor(async () => expect((await deliver(membership, limit(), clone.root)).left).toBe(0), {
    timeout: 120_000,
  });
});

it('goes by the age of a report: a clock that is years off does not matter', async () => {
  const testClass = await startTestClass();
  const clone = new Clone();
  const membership = await clone.joins(testClass, 'Ann');
  await testClass.records.learners.updateOne({}, { $set: { joinedAt: new Date(Date.now() - 3_600_000) } });
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2019-01-01T10:00:00Z') });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  clone.grades('pass');
  // Ten minutes later by the learner's clock; the class sees the same ten minutes by its own.
  const file = join(clone.root, '.workshop', 'class-queue', waiting(clone.root)[0] ?? '');
  expect(JSON.parse(readFileSync(file, 'utf8')).gradedAt).toBe(Date.parse('2019-01-01T10:00:00Z'));
  const sent: number[] = [];
  const address = await anotherServer(async (req, res) => {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const { id, agoMs } = JSON.parse(Buffer.concat(chunks).toString());
    sent.push(agoMs);
    res.end(JSON.stringify({ ok: true, report: id }));
  });
  vi.setSystemTime(new Date('2019-01-01T10:10:00Z'));
  await deliver({ ...membership, address }, limit(), clone.root);
  expect(sent).toEqual([600_000]);
});

it.each<[string, RequestListener]>([
  ['the login page of a guest network', (_req, res) => void res.end('<html>Welcome! Log in</html>')],
  ['a redirect', (_req, res) => void res.writeHead(302, { Location: 'http://127.0.0.1:9/' }).end()],
  ['somebody who says yes to everything', (_req, res) => void res.end('{"ok":true}')],
  ['somebody who says no with 401', (_req, res) => void res.writeHead(401).end('who are you?')],
])('takes the word of no stranger: %s', async (_who, listener) => {
  const testClass = await startTestClass();
  const clone = new Clone();
  const membership = { ...(await clone.joins(testClass, 'Ann')), address: await anotherServer(listener) };
  clone.grades('pass');
  expect(await deliver(membership, limit(), clone.root)).toEqual({
    left: 1,
    why: 'something answers there, but it is no class',
    news: [],
  });
  expect(readMembership(clone.root)).toBeDefined();
});

it('waits no longer than it is told to', async () => {
  const clone = new Clone();
  const address = await anotherServer(() => {});
  clone.grades('pass');
  const began = performance.now();
  const silent = { address, code: 'BCD234', nickname: 'Ann', token: 'x' };
  expect(await deliver(silent, limit(200), clone.root)).toMatchObject({
    left: 1,
    why: 'it does not answer in time',
  });
  expect(performance.now() - began).toBeLessThan(10_000);
});

it('forgets the membership when the class has ended, and when it knows the learner no more', async () => {
  const testClass = await startTestClass();
  for (const [name, words] of [
    ['Ann', 'This class does not know you'],
    ['Ben', 'This class has ended.'],
  ] as const) {
    const clone = new Clone();
    const membership = await clone.joins(testClass, name);
    clone.grades('pass');
    if (name === 'Ann') await testClass.records.learners.deleteOne({ nickname: 'Ann' });
    else await endBeforeNow(testClass);
    const { left, news } = await deliver(membership, limit(), clone.root);
    expect({ left, news }).toEqual({ left: 0, news: [expect.stringContaining(words)] });
    expect(readMembership(clone.root)).toBeUndefined();
    expect(clone.waiting).toBe(0);
  }
});

it('does not stop at a report that the class will never take, nor at a file that is none', async () => {
  const testClass = await startTestClass();
  const clone = new Clone();
  const membership = await clone.joins(testClass, 'Ann');
  clone.grades('pass', 99);
  writeFileSync(join(clone.root, '.workshop/class-queue/00000002.some-id-22.json'), '{"report":');
  clone.grades('pass');
  expect(await deliver(membership, limit(), clone.root)).toEqual({
    left: 0,
    news: [expect.stringContaining('This class has no lesson 99.')],
  });
  expect(await reportsIn(testClass)).toHaveLength(1);
});

/** The IDs of the reports that the class has counted, in order of arrival. */
async function reportsIn({ records }: TestClass): Promise<readonly string[]> {
  return (await records.learners.findOne({}))?.reportIds ?? [];
}

async function endBeforeNow(testClass: TestClass): Promise<void> {
  await endClass(testClass.records, testClass.code);
  await testClass.records.classes.updateOne({}, { $set: { endedAt: new Date(Date.now() - 1000) } });
  await testClass.records.learners.updateMany({}, { $set: { joinedAt: new Date() } });
}

/** A server that is no class. @returns its address */
async function anotherServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
