import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { findLessons } from '../../course/lessons.ts';
import type { LessonShop } from '../lesson-shop.ts';
import { switchesOf } from './needed-switches.ts';
import { SWITCHES } from './switches.ts';

const shop = ({ store = 'mongodb', position = 'there' } = {}) =>
  ({
    watched: { config: { store, redisUrl: 'redis://127.0.0.1:1' }, position, canSwitch: true },
    clock: { ahead: 0 },
    processes: new Map([['A', 4711]]),
  }) as unknown as LessonShop;

const lineOf = (name: string, at = shop()) => {
  const command = SWITCHES.find((each) => each.name === name)?.command ?? '';
  return typeof command === 'string' ? command : command(at);
};

it('names the server that the sessions are in', () => {
  const redis = { store: 'redis' };
  expect(lineOf('refuses')).toBe('systemctl stop mongod');
  expect(lineOf('refuses', shop(redis))).toBe('systemctl stop redis-server');
  expect(lineOf('hangs', shop(redis))).toBe('kill -STOP $(pidof redis-server)');
  const slow = SWITCHES.find(({ name }) => name === 'slow');
  expect(slow?.off?.(shop())).toBe(undefined);
  expect(slow?.off?.(shop(redis))).toMatch(/sessions are in Redis/);
});

it('brings a database back by what undoes how it went away', () => {
  expect(lineOf('there', shop({ position: 'refuses' }))).toBe('systemctl start mongod');
  expect(lineOf('there', shop({ position: 'hangs' }))).toBe('kill -CONT $(pidof mongod)');
});

it('shows each lesson switches that there are, and the others behind "more"', () => {
  for (const lesson of findLessons()) {
    const { needed, others } = switchesOf(lesson);
    expect(needed.length).toBeGreaterThan(0);
    expect([...needed, ...others].map(({ name }) => name).sort()).toEqual(
      SWITCHES.map(({ name }) => name).sort(),
    );
  }
});

const has = (program: string, ...args: string[]) =>
  spawnSync(program, args.length > 0 ? args : ['--version']).status === 0;

describe.skipIf(process.platform === 'win32' || !has('bash'))('the command lines, run', () => {
  const run = (line: string, env: NodeJS.ProcessEnv = {}) =>
    spawnSync('bash', ['-c', line], { encoding: 'utf8', env: { ...process.env, ...env } });

  it.each(SWITCHES.map(({ name }) => name))('%s is one that a shell can read', (name) => {
    expect(run(`set -n; ${lineOf(name)}`)).toMatchObject({ status: 0, stderr: '' });
  });

  it.skipIf(!has('faketime')).each([
    ['minutes', 600],
    ['hours', 3600],
    ['days', 14 * 86_400],
  ])('time passes: %s', (name, seconds) => {
    const line = lineOf(name).replace('node app.js', `"${process.execPath}" -p 'Date.now()'`);
    const { stdout, stderr } = run(line);
    const ahead = (Number(stdout) - Date.now()) / 1000;
    expect(stderr).toBe('');
    expect(ahead).toBeGreaterThan(seconds - 300);
    expect(ahead).toBeLessThan(seconds + 60);
  });

  it.skipIf(!has('openssl', 'version'))(
    'a new secret signs, and the old one is given as a previous one',
    () => {
      const line = lineOf('secret').replace(
        'node app.js',
        `"${process.execPath}" -p 'JSON.stringify([process.env.SESSION_SECRET.length, process.env.PREVIOUS_SESSION_SECRETS])'`,
      );
      expect(JSON.parse(run(line, { SESSION_SECRET: 'the old one' }).stdout)).toEqual([64, 'the old one']);
    },
  );
});
