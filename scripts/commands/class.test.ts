import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { aReport, asks } from '../class/fixtures/learner.ts';
import { HERE, MEMBERSHIP, startTestClass } from '../class/fixtures/test-class.ts';
import { deliver } from '../class/learner/deliver.ts';
import { endClass } from '../class/server/classes.ts';
import { type WorkshopCopy, workshopCopy } from '../course/fixtures/command-support.ts';
import { startMongo } from '../mongo/index.ts';
import { ownPort } from '../mongo/own-port.ts';
import { refusedUri } from '../mongo/refused.ts';

const CLASS = /Class (\S+)[\s\S]+npm run join (\S+)[\s\S]+password +(\S+)[\s\S]+Ctrl\+C closes it/;

/** A running `npm run class`, once it is open. */
async function openClass(copy: WorkshopCopy, env: NodeJS.ProcessEnv = {}, args: string[] = []) {
  const child = spawn(process.execPath, ['scripts/launch.mjs', 'class', ...args], {
    cwd: copy.root,
    env: { ...process.env, ...HERE, NO_COLOR: '1', ...env },
    // With this channel it can be asked to end on Windows as well.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
  const ended = once(child, 'close');
  await vi.waitFor(() => expect(said).toMatch(CLASS), { timeout: 120_000, interval: 50 });
  const [, code = '', address = '', password = ''] = CLASS.exec(said) ?? [];
  return {
    code,
    password,
    address: `127.0.0.1:${address.split(':').at(-1)}`,
    said: () => said,
    close: async () => {
      child.send('shutdown');
      return (await ended)[0];
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const WAITS =
  /^The class cannot be reached: (?:nothing listens there|it does not answer in time)\. 1 verdict waits, and will be sent later\.\n$/;

/** Checks until these words are all that it prints about the class: a busy machine may not send within check's short limit. */
async function checksUntil(learner: WorkshopCopy, words: RegExp): Promise<void> {
  const look = async () => {
    const { code, err } = await learner.run('check 1', HERE);
    expect(code).toBe(1);
    expect(err).toMatch(words);
  };
  await vi.waitFor(look, { timeout: 120_000 });
}

describe('npm run class, join, check and leave', () => {
  it('hand a verdict from a learner to the class, until they leave', async () => {
    const [teacher, learner] = [workshopCopy(), workshopCopy()];
    const testClass = await openClass(teacher);
    expect(testClass.said()).toContain('It listens on all addresses of this machine');
    expect(testClass.code).toMatch(/^\w{3}-\w{3}$/);

    const joined = await learner.run(
      `join ${testClass.address} ${testClass.code.toLowerCase()} Ann Marie`,
      HERE,
    );
    expect(joined).toMatchObject({ code: 0, err: '' });
    expect(joined.out).toMatch(/Never sent: your code[\s\S]+You are in class \w{3}-\w{3} as Ann Marie\./);

    const json = await learner.run('check 1 --json', HERE);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ schema: 1 });
    // A busy machine may not have sent it within check's short limit.
    expect(json.err).toMatch(/^(?:|The class cannot be reached: it does not answer in time\. .+\n)$/);
    const { token, ...membership } = JSON.parse(learner.read(MEMBERSHIP));
    await deliver({ ...membership, token }, AbortSignal.timeout(600_000), learner.root);
    expect(readdirSync(learner.path('.workshop/class-queue'))).toEqual([
      expect.stringMatching(/^00000001\..+\.sent$/),
    ]);
    // Verdicts on other answers are not reported.
    for (const line of ['check 1 --solutions', 'check 1 --answer solutions/01-memory-store'])
      expect((await learner.run(line, HERE)).code).toBe(0);
    expect((await learner.run('check 1', { ...HERE, CI: 'true' })).code).toBe(1);
    expect(readdirSync(learner.path('.workshop/class-queue'))).toHaveLength(1);

    const left = await learner.run('leave', HERE);
    expect(left.out).toContain('The class has forgotten your nickname and your verdicts.');
    expect(existsSync(learner.path(MEMBERSHIP))).toBe(false);
    expect(
      await asks({ address: `http://${testClass.address}` }, '/reports', aReport(), token),
    ).toMatchObject({
      code: 'unknown',
    });
    expect((await learner.run('leave', HERE)).out).toBe('You are in no class, and nothing is sent.\n');
    expect(await testClass.close()).toBe(0);
  });

  it('leave verdicts, exit codes and stdout as they are when the class is away, and send later what waited', async () => {
    const testClass = await startTestClass();
    const learner = workshopCopy();
    await learner.run(`join ${testClass.address} ${testClass.code} Ann`, HERE);
    const membership = JSON.parse(learner.read(MEMBERSHIP));
    const away = await refusedUri();
    const address = away.uri.replace('mongodb', 'http').replace(/\/$/, '');
    learner.write(MEMBERSHIP, JSON.stringify({ ...membership, address }));
    const { code, out, err } = await learner.run('check 1 --json', HERE);
    expect(code).toBe(1);
    expect(JSON.parse(out).lessons[0].verdict).toBe('fail');
    expect(err).toMatch(WAITS);
    await away.release();
    learner.write(MEMBERSHIP, JSON.stringify(membership));
    await checksUntil(learner, /^$/);
    const { standings, reportIds = [] } = (await testClass.records.learners.findOne({})) ?? {};
    expect(reportIds.length).toBeGreaterThan(1);
    expect(new Set(reportIds).size).toBe(reportIds.length);
    expect(standings?.[1]).toMatchObject({ seq: reportIds.length, reports: reportIds.length });

    await endClass(testClass.records, testClass.code);
    await testClass.records.classes.updateOne({}, { $set: { endedAt: new Date(0) } });
    await checksUntil(
      learner,
      /^This class has ended\. It takes no more verdicts\. You are in no class now, and nothing is sent\.\n$/,
    );
    expect(learner.has(MEMBERSHIP)).toBe(false);
  });

  it('hand a verdict on from an open lesson as well', async () => {
    const testClass = await startTestClass();
    const learner = workshopCopy();
    await learner.run(`join ${testClass.address} ${testClass.code} Ann`, HERE);
    const lesson = spawn(process.execPath, ['scripts/launch.mjs', 'lesson', '1'], {
      cwd: learner.root,
      env: { ...process.env, ...HERE },
      stdio: 'ignore',
    });
    const ended = once(lesson, 'close');
    const arrived = async () =>
      expect((await testClass.records.learners.findOne({}))?.standings).toMatchObject({
        1: { verdict: 'fail' },
      });
    await vi.waitFor(arrived, { timeout: 120_000 }).finally(() => lesson.kill());
    await ended;
  });

  it('go on after the class was killed and started again, on a MongoDB that stays', async () => {
    const mongo = await startMongo('embedded');
    onTestFinished(() => mongo.stop());
    const [teacher, learner] = [workshopCopy(), workshopCopy()];
    const env = { MONGODB_URI: `${mongo.uri}shop` };
    const first = await openClass(teacher, env);
    await learner.run(`join ${first.address} ${first.code} Ann`, HERE);
    await first.kill();
    // Keeps its port from other programs meanwhile, such as a class of another test.
    const port = Number(first.address.split(':')[1]);
    const held = await ownPort(() => refusedUri(port));
    expect((await learner.run('check 1', HERE)).err).toMatch(WAITS);

    await held.release();
    const again = await openClass(teacher, { ...env, CLASS_PORT: String(port) });
    expect(again.said()).toContain('goes on, since');
    expect([again.code, again.password]).toEqual([first.code, first.password]);
    await checksUntil(learner, /^$/);
    await again.close();

    const third = await openClass(teacher, env, ['--new']);
    expect(third.code).not.toBe(first.code);
    await third.close();
  });
});
