import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { aReport, asks } from '../class/fixtures/learner.ts';
import { startTestClass } from '../class/fixtures/test-class.ts';
import { deliver } from '../class/learner/deliver.ts';
import { endClass } from '../class/server/classes.ts';
import { readSettings } from '../class/server/settings.ts';
import { type WorkshopCopy, workshopCopy } from '../course/fixtures/command-support.ts';
import { startMongo } from '../mongo/index.ts';
import { ownPort } from '../mongo/own-port.ts';
import { refusedUri } from '../mongo/refused.ts';
import { EnvironmentError } from '../shared/errors.ts';
import { main as openCommand } from './class.ts';
import { main as joinCommand } from './join.ts';

vi.setConfig({ testTimeout: 180_000 });

const MEMBERSHIP = '.workshop/class.json';
/** Verdicts are sent from where no build server runs, and here one may. */
const HERE = { CI: '', WORKSHOP_MONGO: 'embedded' };
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

/** Checks until that is all it says of the class: a busy machine may not send within the moment that check allows for it. */
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
    // A busy machine may not have sent it within the moment that check allows for it.
    expect(json.err).toMatch(/^(?:|The class cannot be reached: it does not answer in time\. .+\n)$/);
    const { token, ...membership } = JSON.parse(learner.read(MEMBERSHIP));
    await deliver({ ...membership, token }, AbortSignal.timeout(60_000), learner.root);
    expect(readdirSync(learner.path('.workshop/class-queue'))).toEqual([
      expect.stringMatching(/^00000001\..+\.sent$/),
    ]);
    // Somebody else's answers are no news of theirs.
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
    // Nobody else gets its port meanwhile: another class, say, of another test.
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

describe('npm run class', () => {
  it.each([
    [{ CLASS_PASSWORD: 'short' }, 'CLASS_PASSWORD is too short: it needs 12 characters.'],
    [{ MONGODB_URI: 'mongodb://u:hunter2@<host>/' }, 'MONGODB_URI still has a <placeholder> in it.'],
  ])('does not open with %j', (env, words) => {
    expect(() => readSettings(env)).toThrow(new EnvironmentError(words));
  });

  it('takes the code of one class, which must be there', async () => {
    await expect(openCommand(['ABC', 'DEF'])).rejects.toMatchObject({
      exitCode: 2,
      message: 'npm run class takes the code of one class, and was given ABC DEF.',
    });
    const words = 'There is no open class BCD-234 in this database. npm run class   begins one.\n';
    expect(await workshopCopy().run('class BCD-234', HERE)).toEqual({ code: 2, out: '', err: words });
  });

  it('says which port is taken, and which MongoDB is away, without its password', async () => {
    const taken = createServer().listen(0);
    await once(taken, 'listening');
    const port = String((taken.address() as { port: number }).port);
    const busy = await workshopCopy().run('class', { ...HERE, CLASS_PORT: port });
    taken.close();
    expect(busy).toMatchObject({ code: 3, err: `Port ${port} is taken. Set CLASS_PORT to another one.\n` });

    const away = await refusedUri();
    const uri = away.uri.replace('//', '//teacher:hunter2@');
    const env = { ...HERE, MONGODB_URI: uri, DATABASE_TIMEOUT_MS: '300' };
    const { code, out, err } = await workshopCopy().run('class', env);
    await away.release();
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^The MongoDB of MONGODB_URI cannot be used \(\w+\)\. npm run doctor says why\.\n$/);
  });
});

describe('npm run join', () => {
  it.each([
    ['', 'npm run join needs the address and the code on the screen'],
    ['127.0.0.1:4600', 'npm run join needs the address and the code'],
    ['not/an/address BCD-234 Ann', '"not/an/address" is no address.'],
    ['127.0.0.1:4600 BCD-234 <Ann>', 'The nickname has characters that it cannot have.'],
  ])('is used wrongly with "%s"', async (line, words) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const wrong = { exitCode: 2, message: expect.stringContaining(words) };
    await expect(joinCommand(line.split(' ').filter(Boolean))).rejects.toMatchObject(wrong);
    log.mockRestore();
  });

  it('asks for a nickname only where somebody can answer', async () => {
    const { code, err } = await workshopCopy().run('join 127.0.0.1:4600 BCD-234', HERE);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'A nickname is missing: npm run join ADDRESS CODE NICKNAME\n',
    });
  });

  it('says when no class is there, when the code is wrong, and when somebody has the nickname', async () => {
    const testClass = await startTestClass();
    const away = await refusedUri();
    const port = new URL(away.uri).port;
    const nobody = await workshopCopy().run(`join 127.0.0.1:${port} BCD-234 Ann`, HERE);
    await away.release();
    expect(nobody.code).toBe(3);
    expect(nobody.err).toContain(`There is no class at http://127.0.0.1:${port}: nothing listens there.`);

    const [ann, other] = [workshopCopy(), workshopCopy()];
    const wrong = await ann.run(`join ${testClass.address} BCD-234 Ann`, HERE);
    expect(wrong).toMatchObject({
      code: 2,
      err: expect.stringContaining('That is not the code of this class.'),
    });
    expect((await ann.run(`join ${testClass.address} ${testClass.code} Ann`, HERE)).code).toBe(0);
    const taken = await other.run(`join ${testClass.address} ${testClass.code} ann`, HERE);
    expect(taken).toMatchObject({
      code: 2,
      err: 'Somebody in this class is called ann already. Free is: ann 2\n',
    });
    expect(other.has(MEMBERSHIP)).toBe(false);
    expect((await ann.run(`join ${testClass.address} ${testClass.code} Ann M.`, HERE)).code).toBe(0);
    expect(await testClass.records.learners.distinct('nickname')).toEqual(['Ann M.']);
  });
});
