import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
// A look that was given up goes on, and may import these when the tests are over. Then they must be there already.
import '../engine/server.ts';
import '../redis/server.ts';
import './ask-for-mongod.ts';
import { UsageError } from '../shared/errors.ts';
import type { Finding } from './finding.ts';
import { inTime, LIMITS } from './limits.ts';
import { examineMachine } from './machine.ts';
import { textOnStdin } from './stdin.ts';
import { run } from './surroundings.ts';

test('an examination takes less than 40 s, whatever hangs: its parts have limits', () => {
  // The rest is for the start of the command, on a slow machine.
  const most = 40_000 - 2000;
  expect(Object.values(LIMITS).reduce((sum, limit) => sum + limit)).toBeLessThanOrEqual(most);
});

test('a look that hangs is given up after its limit, and told as not known', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const found = inTime(7000, 'git', 'git', new Promise(() => {}), () => 0);
  await vi.advanceTimersByTimeAsync(7000);
  expect(await found).toEqual([
    { id: 'git', subject: 'git', verdict: 'note', words: 'not known: no answer within 7 s' },
  ]);
});

test('on a busy machine a look has more time', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const answer: Finding = { id: 'git', subject: 'git', verdict: 'good', words: '2.47' };
  const look = (afterMs: number) =>
    inTime(7000, 'git', 'git', new Promise((done) => setTimeout(done, afterMs, answer)), () => 14_000);
  const inMoreTime = look(20_000);
  const tooLate = look(22_000);
  await vi.advanceTimersByTimeAsync(21_000);
  expect(await inMoreTime).toEqual([answer]);
  expect(await tooLate).toMatchObject([{ words: 'not known: no answer within 21 s' }]);
});

test('what the machine cannot tell in time is noted, and the rest is told', async () => {
  const root = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'package.json'), '{}');
  const env = { WORKSHOP_MONGO: 'embedded' };
  const findings = await examineMachine(root, env, { start: 0, kit: 1, machine: 0 });
  for (const id of ['engine', 'git', 'registry'])
    expect(findings).toContainEqual(
      expect.objectContaining({ id, words: expect.stringMatching(/^not known/) }),
    );
  expect(findings).toContainEqual(
    expect.objectContaining({ id: 'slow-start', words: 'a program does not start within 0 ms' }),
  );
  expect(findings).toContainEqual(expect.objectContaining({ id: 'clock', verdict: 'good' }));
});

test('a program that is ended for its time is told as not known, not as missing', async () => {
  const bin = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  onTestFinished(() => rmSync(bin, { recursive: true }));
  const hangs = join(bin, 'hangs.mjs');
  writeFileSync(hangs, 'setInterval(() => {}, 1000);');
  await expect(run(process.execPath, [hangs], { timeout: 1 })).rejects.toMatchObject({ code: 'ETIMEOUT' });
  await expect(run(join(bin, 'none'), [], { timeout: 60_000 })).rejects.toMatchObject({ code: 'ENOENT' });
});

test('of a log that does not end, what came in time is taken', async () => {
  const pipe = new PassThrough();
  pipe.write('Error: querySrv ENOTFOUND _mongodb._tcp.x\n');
  expect(await textOnStdin(true, pipe, 50)).toContain('querySrv ENOTFOUND');
  expect(pipe.destroyed).toBe(true);
});

test('a text that was asked for and does not come is said', async () => {
  await expect(textOnStdin(true, new PassThrough().end(), 60_000)).rejects.toThrow(UsageError);
  await expect(textOnStdin(true, new PassThrough(), 1)).rejects.toThrow('nothing came');
});
