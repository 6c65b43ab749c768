import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const PACKAGES = new URL('./packages.mjs', import.meta.url).href;
const RUNNING = new URL('./running.mjs', import.meta.url).href;
/** A stand-in for npm: records each start, and installs when the file `go` is there. It ends when the test's folder is removed. */
const NPM = `
const { appendFileSync, existsSync, mkdirSync, copyFileSync } = require('node:fs');
appendFileSync('starts', 'npm\\n');
const wait = () => {
  if (!existsSync('package-lock.json')) return;
  if (!existsSync('go')) return setTimeout(wait, 20);
  mkdirSync('node_modules', { recursive: true });
  copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
};
wait();`;

let root: string;
const running: ChildProcess[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'install-'));
  writeFileSync(join(root, 'npm-cli.js'), NPM);
  // A package.json in the temporary folder could make a module of npm-cli.js.
  writeFileSync(join(root, 'package.json'), '{"type":"commonjs"}');
  writeFileSync(join(root, 'package-lock.json'), '{"packages":{"node_modules/express":{"version":"5.1.0"}}}');
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** A command of the workshop, up to the installation of its packages. */
function command() {
  const script = `import { ensureInstalled } from ${JSON.stringify(PACKAGES)};
    process.exitCode = (await ensureInstalled(process.cwd(), { dev: false })) ? 0 : 3;`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    env: { ...process.env, npm_execpath: join(root, 'npm-cli.js') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.push(child);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  // Not 'close': the npm of a killed command keeps stderr open.
  const exit = once(child, 'exit').then(([code]) => code);
  const says = (words: RegExp) => vi.waitFor(() => expect(said).toMatch(words), { timeout: 120_000 });
  return { child, exit, says };
}

const starts = () => readFileSync(join(root, 'starts'), 'utf8');
const npmStarted = () => vi.waitFor(() => expect(starts()).toBe('npm\n'), { timeout: 120_000 });
const letNpmEnd = () => writeFileSync(join(root, 'go'), '');

it('installs once when two commands start at the same time: the second waits and says so', async () => {
  const first = command();
  await npmStarted();
  const second = command();
  await second.says(/Another command \(process \d+\) installs the packages\. Waiting for it\.|Installing/);
  letNpmEnd();
  expect(await Promise.all([first.exit, second.exit])).toEqual([0, 0]);
  expect(starts()).toBe('npm\n');
});

it('does not wait for a command that was killed', async () => {
  const killed = command();
  await npmStarted();
  killed.child.kill('SIGKILL');
  await killed.exit;
  letNpmEnd();
  expect(await command().exit).toBe(0);
});

it('installs where no lock can be kept', async () => {
  writeFileSync(join(root, '.workshop'), 'a file in the way');
  letNpmEnd();
  expect(await command().exit).toBe(0);
  expect(starts()).toBe('npm\n');
});

it('refuses while another command uses the packages, and installs when that one has ended', async () => {
  const script = `import { noteRunning } from ${JSON.stringify(RUNNING)};
    noteRunning(process.cwd(), 'npm run lesson 1');
    process.stdin.resume().on('end', () => process.exit());`;
  const lesson = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  running.push(lesson);
  const note = join(root, 'node_modules', '.cache', 'session-shop-running', String(lesson.pid));
  await vi.waitFor(() => expect(readFileSync(note, 'utf8')).toBe('npm run lesson 1'), { timeout: 120_000 });
  letNpmEnd();
  const refused = command();
  expect(await refused.exit).toBe(3);
  await refused.says(/ {2}npm run lesson 1 \(process \d+\)\nEnd it first \(in a lesson: press q\)/);
  expect(existsSync(join(root, 'starts'))).toBe(false);

  lesson.stdin?.end();
  await once(lesson, 'exit');
  expect(existsSync(note)).toBe(false);
  expect(await command().exit).toBe(0);
});

it('installs when the command that used the packages was killed', async () => {
  const killed = spawnSync(process.execPath, ['--version']);
  const notes = join(root, 'node_modules', '.cache', 'session-shop-running');
  mkdirSync(notes, { recursive: true });
  writeFileSync(join(notes, String(killed.pid)), 'npm run lesson 1');
  letNpmEnd();
  expect(await command().exit).toBe(0);
});

it('leaves no lock behind', async () => {
  mkdirSync(join(root, '.workshop'));
  letNpmEnd();
  expect(await command().exit).toBe(0);
  expect(() => readFileSync(join(root, '.workshop', 'installing'))).toThrow('ENOENT');
});

it('says how many packages come, and how large they are', async () => {
  letNpmEnd();
  const { exit, says } = command();
  expect(await exit).toBe(0);
  await says(/^Installing the packages of the workshop\. About 1 packages, \d+ MB on disk\./);
});
