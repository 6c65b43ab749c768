import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { expect, test } from 'vitest';
import { startEmbedded } from '../engine/server.ts';

const EXECUTABLE = join(import.meta.dirname, 'fixtures', 'executable.mjs');
const run = (...args: string[]) => promisify(execFile)(process.execPath, [EXECUTABLE, ...args]);

test('says its version as mongod does', async () => {
  expect((await run('--version')).stdout).toMatch(/^db version v7\.0\.14\n/);
});

test.each(['--replSet=rs0', '--auth', 'surplus'])('refuses %s, which it cannot do', async (option) => {
  await expect(run(option)).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^Error parsing command line: .*\n$/),
  });
});

test('says when its port is taken, in the words that are looked for', async () => {
  const other = await startEmbedded();
  await expect(run('--port', new URL(other.uri).port)).rejects.toMatchObject({
    code: 48,
    stdout: expect.stringContaining('Address already in use'),
  });
  await other.stop();
});

test('takes what mongodb-memory-server says to mongod, serves, and ends by a signal', async () => {
  const args = [
    '--port',
    '0',
    '--dbpath',
    'nowhere',
    '--storageEngine',
    'wiredTiger',
    '--bind_ip',
    '127.0.0.1',
    '--noauth',
  ];
  const child = spawn(process.execPath, [EXECUTABLE, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([once(child.stdout, 'data'), ended]);
  const { msg, attr } = JSON.parse(String(line));
  expect(msg).toMatch(/waiting for connections/i);
  const client = await MongoClient.connect(`mongodb://127.0.0.1:${attr.port}/`);
  expect(await client.db('shop').command({ ping: 1 })).toMatchObject({ ok: 1 });
  child.kill('SIGTERM');
  expect(await ended).toEqual(process.platform === 'win32' ? [null, 'SIGTERM'] : [0, null]);
  await client.close();
});
