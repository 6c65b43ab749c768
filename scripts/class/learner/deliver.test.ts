import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { refusedUri } from '../../mongo/refused.ts';
import { badLine } from '../fixtures/bad-line.ts';
import { Clone } from '../fixtures/clone.ts';
import { type TestRoom, testRoom } from '../fixtures/test-room.ts';
import { endClass } from '../room/classes.ts';
import type { StoredReport } from '../room/standing.ts';
import { deliver } from './deliver.ts';
import { readMembership } from './membership.ts';
import { waiting } from './queue.ts';

vi.setConfig({ testTimeout: 60_000 });

const patience = (ms = 30_000) => AbortSignal.timeout(ms);

it('sends what waits, in order, and then nothing waits', async () => {
  const room = await testRoom();
  const clone = new Clone();
  const membership = await clone.joins(room, 'Ann');
  for (const verdict of ['fail', 'fail', 'pass'] as const) clone.grades(verdict);
  expect(clone.waiting).toBe(3);
  expect(await deliver(membership, patience(), clone.root)).toEqual({ left: 0, news: [] });
  const reports = await reportsIn(room);
  expect(reports.map(({ seq, verdict }) => [seq, verdict])).toEqual([
    [1, 'fail'],
    [2, 'fail'],
    [3, 'pass'],
  ]);
  // The count goes on where it was.
  clone.grades('fail');
  expect(waiting(clone.root)).toEqual([expect.stringMatching(/^00000004\./)]);
});

it('keeps all while the class is away, says why, and sends each once when it is back', async () => {
  const room = await testRoom();
  const clone = new Clone();
  const membership = await clone.joins(room, 'Ann');
  const away = await refusedUri();
  onTestFinished(() => away.release());
  const nowhere = { ...membership, address: away.uri.replace('mongodb', 'http').replace(/\/$/, '') };
  clone.grades('fail');
  clone.grades('pass');
  const undelivered = { left: 2, why: 'nothing listens there', news: [] };
  expect(await deliver(nowhere, patience(), clone.root)).toEqual(undelivered);
  expect(await deliver(membership, patience(), clone.root)).toEqual({ left: 0, news: [] });
  expect(await reportsIn(room)).toHaveLength(2);
});

it('sends again what was not confirmed, and the class has it once', async () => {
  const room = await testRoom();
  const clone = new Clone();
  const line = await badLine(room.address, (connection) => (['after', 'before'] as const)[connection]);
  const membership = { ...(await clone.joins(room, 'Ann')), address: line.address };
  clone.grades('pass');
  expect(await deliver(membership, patience(), clone.root)).toMatchObject({ left: 1 });
  expect(await reportsIn(room)).toHaveLength(1);
  expect(await deliver(membership, patience(), clone.root)).toMatchObject({ left: 1 });
  expect(line.cut).toBe(2);
  expect(await deliver(membership, patience(), clone.root)).toMatchObject({ left: 0 });
  expect(await reportsIn(room)).toHaveLength(1);
});

it('keeps all while the database of the class is away', async () => {
  const room = await testRoom(500);
  const clone = new Clone();
  const membership = await clone.joins(room, 'Ann');
  clone.grades('pass');
  await room.tap.refuse();
  const { left, why } = await deliver(membership, patience(), clone.root);
  expect({ left, why }).toEqual({ left: 1, why: expect.stringContaining('cannot reach its database') });
  await room.tap.behave();
  await vi.waitFor(async () => expect((await deliver(membership, patience(), clone.root)).left).toBe(0), {
    timeout: 30_000,
  });
});

it('goes by the age of a report: a clock that is years off does not matter', async () => {
  const room = await testRoom();
  const clone = new Clone();
  const membership = await clone.joins(room, 'Ann');
  await room.records.learners.updateOne({}, { $set: { joinedAt: new Date(Date.now() - 3_600_000) } });
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2019-01-01T10:00:00Z') });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  clone.grades('pass');
  // Ten minutes later by that clock; the class sees the same ten minutes by its own.
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
  await deliver({ ...membership, address }, patience(), clone.root);
  expect(sent).toEqual([600_000]);
});

it.each<[string, RequestListener]>([
  ['the login page of a guest network', (_req, res) => void res.end('<html>Welcome! Log in</html>')],
  ['a redirect', (_req, res) => void res.writeHead(302, { Location: 'http://127.0.0.1:9/' }).end()],
  ['somebody who says yes to everything', (_req, res) => void res.end('{"ok":true}')],
  ['somebody who says no with 401', (_req, res) => void res.writeHead(401).end('who are you?')],
])('takes the word of no stranger: %s', async (_who, listener) => {
  const room = await testRoom();
  const clone = new Clone();
  const membership = { ...(await clone.joins(room, 'Ann')), address: await anotherServer(listener) };
  clone.grades('pass');
  expect(await deliver(membership, patience(), clone.root)).toEqual({
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
  expect(await deliver(silent, patience(200), clone.root)).toMatchObject({
    left: 1,
    why: 'it does not answer in time',
  });
  expect(performance.now() - began).toBeLessThan(10_000);
});

it('forgets the membership when the class has ended, and when it knows the learner no more', async () => {
  const room = await testRoom();
  for (const [name, words] of [
    ['Ann', 'This class does not know you'],
    ['Ben', 'This class has ended.'],
  ] as const) {
    const clone = new Clone();
    const membership = await clone.joins(room, name);
    clone.grades('pass');
    if (name === 'Ann') await room.records.learners.deleteOne({ nickname: 'Ann' });
    else await endBeforeNow(room);
    const { left, news } = await deliver(membership, patience(), clone.root);
    expect({ left, news }).toEqual({ left: 0, news: [expect.stringContaining(words)] });
    expect(readMembership(clone.root)).toBeUndefined();
    expect(clone.waiting).toBe(0);
  }
});

it('does not stop at a report that the class will never take, nor at a file that is none', async () => {
  const room = await testRoom();
  const clone = new Clone();
  const membership = await clone.joins(room, 'Ann');
  clone.grades('pass', 99);
  writeFileSync(join(clone.root, '.workshop/class-queue/00000002.some-id-22.json'), '{"report":');
  clone.grades('pass');
  expect(await deliver(membership, patience(), clone.root)).toEqual({
    left: 0,
    news: [expect.stringContaining('This class has no lesson 99.')],
  });
  expect(await reportsIn(room)).toHaveLength(1);
});

async function reportsIn({ records }: TestRoom): Promise<readonly StoredReport[]> {
  return (await records.learners.findOne({}))?.reports ?? [];
}

async function endBeforeNow(room: TestRoom): Promise<void> {
  await endClass(room.records, room.code);
  await room.records.classes.updateOne({}, { $set: { endedAt: new Date(Date.now() - 1000) } });
  await room.records.learners.updateMany({}, { $set: { joinedAt: new Date() } });
}

/** Some server that is no class. @returns its address */
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
