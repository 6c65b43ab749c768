import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aReport, asks, joins } from '../fixtures/learner.ts';
import { openTestClass, serveTestClass, startTestClass, type TestClass } from '../fixtures/test-class.ts';
import { endClass } from './classes.ts';

let testClass: TestClass;
beforeAll(async () => {
  testClass = await openTestClass();
});
afterAll(() => testClass.close());

const learner = (nickname: string) =>
  testClass.records.learners.findOne({ classCode: testClass.code, nickname });
const lesson3 = async (nickname: string) => (await learner(nickname))?.standings[3];
const reportsIn = async () =>
  (await testClass.records.learners.find().toArray()).flatMap(({ reportIds }) => reportIds).length;

/** Sends a request that no learner's side would send. */
async function sends(path: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(testClass.address + path, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe('joining', () => {
  it('needs the code, and tells nobody what it is', async () => {
    const answer = await asks(testClass, '/join', { code: 'BCD-234', nickname: 'Ann' });
    expect(answer).toMatchObject({ ok: false, code: 'wrong-code' });
    expect(JSON.stringify(answer)).not.toContain(testClass.code);
    for (const code of [undefined, '', { $ne: 1 }, [testClass.code], '../']) {
      expect(await asks(testClass, '/join', { code, nickname: 'Ann' })).toMatchObject({ code: 'wrong-code' });
    }
  });

  it('gives a nickname to one of two, also when both ask at once, and the other a free one', async () => {
    const code = testClass.code.toLowerCase();
    const names = ['Kim', 'KIM', 'kim', 'Kim '];
    const answers = await Promise.all(names.map((nickname) => asks(testClass, '/join', { code, nickname })));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    for (const answer of answers.filter(({ ok }) => !ok)) {
      expect(answer).toMatchObject({
        code: 'nickname',
        message: expect.stringMatching(/^Somebody .+ Free is: K?k?im 2$/i),
      });
    }
  });

  it('refuses markup and whatever moves letters about', async () => {
    for (const nickname of ['<script>', 'Ann\u202e', 'x'.repeat(25), { toString: 1 }, undefined]) {
      expect(await asks(testClass, '/join', { code: testClass.code, nickname })).toMatchObject({
        ok: false,
        code: 'nickname',
      });
    }
  });

  it('again from the same clone keeps the learner, under another nickname as well', async () => {
    const token = await joins(testClass, 'Lea');
    await asks(testClass, '/reports', aReport(), token);
    const again = await asks(testClass, '/join', { code: testClass.code, nickname: 'Lea M.', token });
    expect(again).toMatchObject({ ok: true, token, nickname: 'Lea M.' });
    expect(await learner('Lea')).toBeNull();
    expect(await lesson3('Lea M.')).toMatchObject({ verdict: 'fail' });
    // Nor does a token allow another learner's nickname.
    await joins(testClass, 'Mia');
    expect(await asks(testClass, '/join', { code: testClass.code, nickname: 'Mia', token })).toMatchObject({
      ok: false,
    });
  });

  it('keeps no token that could be used', async () => {
    const token = await joins(testClass, 'Noa');
    expect(JSON.stringify(await testClass.records.learners.find().toArray())).not.toContain(token);
  });
});

describe('a report', () => {
  it('is stored once, however often it comes, and also when it comes twice at the same time', async () => {
    const token = await joins(testClass, 'Otto');
    const before = await reportsIn();
    const report = aReport();
    const answers = await Promise.all([1, 2, 3, 4].map(() => asks(testClass, '/reports', report, token)));
    expect(answers).toEqual(Array(4).fill({ ok: true, report: report.id }));
    expect(await reportsIn()).toBe(before + 1);
    expect(await lesson3('Otto')).toMatchObject({ step: '3.2', reports: 1 });
  });

  it("does not get in the way of another learner's with the same id", async () => {
    const tokens = [await joins(testClass, 'Pia'), await joins(testClass, 'Quin')];
    const report = aReport();
    for (const token of tokens) await asks(testClass, '/reports', report, token);
    for (const name of ['Pia', 'Quin']) expect((await lesson3(name))?.reports).toBe(1);
  });

  it('counts by its number, not by when it arrives', async () => {
    const token = await joins(testClass, 'Rita');
    await asks(testClass, '/reports', aReport({ seq: 3, verdict: 'pass' }), token);
    await asks(testClass, '/reports', aReport({ seq: 1 }), token);
    await asks(testClass, '/reports', aReport({ seq: 2 }), token);
    expect(await lesson3('Rita')).toMatchObject({ verdict: 'pass', reports: 3 });
  });

  it('is whole on the dashboard also when many come at once', async () => {
    const token = await joins(testClass, 'Sam');
    const all = Array.from({ length: 12 }, (_, at) =>
      aReport({ seq: at, verdict: at === 11 ? 'pass' : 'fail' }),
    );
    await Promise.all(all.map((report) => asks(testClass, '/reports', report, token)));
    expect(await lesson3('Sam')).toMatchObject({ verdict: 'pass', reports: 12 });
  });

  it.each([
    ['of nobody', aReport(), randomUUID(), 'unknown', 'This class does not know you'],
    [
      'on a made-up lesson',
      aReport({ lesson: 99, steps: [] }),
      undefined,
      'unreadable',
      'This class has no lesson 99.',
    ],
    ['that is none', { id: { $gt: '' } }, undefined, 'unreadable', 'could not read this report: its id'],
  ])('%s is refused in words, and nothing is stored', async (name, report, token, code, words) => {
    const before = await reportsIn();
    const answer = await asks(testClass, '/reports', report, token ?? (await joins(testClass, `T ${name}`)));
    expect(answer).toMatchObject({ ok: false, code, message: expect.stringContaining(words) });
    expect(await reportsIn()).toBe(before);
  });

  it('of 10 MB is refused in words, and its connection ended', async () => {
    const { status, headers, text } = await sends('/reports', JSON.stringify('x'.repeat(10_000_000)));
    expect(status).toBe(413);
    expect(headers.get('connection')).toBe('close');
    expect(JSON.parse(text)).toEqual({
      ok: false,
      code: 'unreadable',
      message: 'That is too large for a class: 8 kB at most.',
    });
  });

  it.each([
    ['that is no JSON', '{"id": ', {}, 400],
    ['that is packed', 'x', { 'Content-Encoding': 'gzip' }, 415],
    ['in letters nobody knows', '{}', { 'Content-Type': 'application/json; charset=klingon' }, 415],
    ['that is a form', 'id=1', { 'Content-Type': 'application/x-www-form-urlencoded' }, 401],
  ])('%s is refused without a word of how the class is made', async (_what, body, headers, status) => {
    const refused = await sends('/reports', body, headers);
    expect(refused.status).toBe(status);
    expect(JSON.parse(refused.text)).toMatchObject({ ok: false });
    expect(refused.text).not.toMatch(/Error|node_modules|\bat |SyntaxError|position/);
  });
});

describe('leaving', () => {
  it('takes out the learner and all that they reported', async () => {
    const token = await joins(testClass, 'Uma');
    await asks(testClass, '/reports', aReport(), token);
    expect(await asks(testClass, '/leave', {}, token)).toEqual({ ok: true });
    expect(await learner('Uma')).toBeNull();
    expect(await asks(testClass, '/leave', {}, token)).toMatchObject({ ok: false, code: 'unknown' });
    await joins(testClass, 'Uma');
  });
});

describe('several classes in one database', () => {
  it('do not mix', async () => {
    const other = await serveTestClass(testClass.mongoUri);
    try {
      const token = await joins(testClass, 'Vic');
      await joins(other, 'Vic');
      // The report is not lost: it waits for its own class.
      expect(await asks(other, '/reports', aReport(), token)).toMatchObject({
        code: 'later',
        message: expect.stringContaining('It is another class that is held there now.'),
      });
      expect(await asks(other, '/join', { code: testClass.code, nickname: 'Xia' })).toMatchObject({
        code: 'wrong-code',
      });
      expect(await other.records.learners.countDocuments({ classCode: other.code })).toBe(1);
    } finally {
      await other.close();
    }
  });
});

describe('a class that has ended', () => {
  it('takes what was graded before its end, and nothing after it', async () => {
    const ended = await startTestClass();
    const token = await joins(ended, 'Ann');
    const aMinuteAgo = new Date(Date.now() - 60_000);
    await ended.records.learners.updateOne({ nickname: 'Ann' }, { $set: { joinedAt: aMinuteAgo } });
    await endClass(ended.records, ended.code);
    expect(await asks(ended, '/reports', aReport({ agoMs: 30_000 }), token)).toMatchObject({ ok: true });
    await ended.records.classes.updateOne(
      { _id: ended.code },
      { $set: { endedAt: new Date(Date.now() - 1000) } },
    );
    expect(await asks(ended, '/reports', aReport(), token)).toEqual({
      ok: false,
      code: 'ended',
      message: 'This class has ended. It takes no more verdicts.',
    });
    expect(await asks(ended, '/join', { code: ended.code, nickname: 'Ben' })).toMatchObject({
      code: 'ended',
    });
    expect((await ended.records.learners.findOne({}))?.reportIds).toHaveLength(1);
  });
});
