import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EngineError, startMongo } from './index.ts';
import { mongodScript } from './mirror-support.ts';

const WINDOWS = process.platform === 'win32';
const here = (file: string) => pathToFileURL(join(import.meta.dirname, file)).href;
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workshop-test-'));
  // No mongod of this machine: an empty PATH, empty caches, nothing to download.
  vi.stubEnv('PATH', folder);
  vi.stubEnv('HOME', folder);
  vi.stubEnv('USERPROFILE', folder);
  vi.stubEnv('MONGOMS_SYSTEM_BINARY', '');
  vi.stubEnv('MONGOMS_RUNTIME_DOWNLOAD', 'false');
  vi.stubEnv('WORKSHOP_MONGO', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

test('an unknown WORKSHOP_MONGO is named, with what it can be', async () => {
  vi.stubEnv('WORKSHOP_MONGO', 'mongo');
  const failing = startMongo();
  await expect(failing).rejects.toBeInstanceOf(EngineError);
  await expect(failing).rejects.toThrow("WORKSHOP_MONGO is 'mongo'. It can be auto, mongod or embedded.");
});

test('auto is the embedded engine where there is no mongod', async () => {
  const mongo = await startMongo();
  expect(mongo).toMatchObject({ kind: 'embedded', version: '7.0.14' });
  expect(mongo.note).toBeUndefined();
  await mongo.stop();
});

test('mongod where there is none is an EngineError in one line, with the way out', async () => {
  vi.stubEnv('WORKSHOP_MONGO', 'mongod');
  const error = await startMongo().catch((caught) => caught);
  expect(error).toBeInstanceOf(EngineError);
  expect(error.message).toMatch(
    /^There is no mongod on this machine .*WORKSHOP_MONGO=embedded does without it\.$/,
  );
});

test('auto falls back, and says why, when the mongod there cannot be run', async () => {
  vi.stubEnv('MONGOMS_SYSTEM_BINARY', join(folder, 'nothing-here'));
  const mongo = await startMongo('auto');
  expect(mongo.kind).toBe('embedded');
  expect(mongo.note).toContain(
    `Not on mongod but on the embedded engine: ${join(folder, 'nothing-here')} cannot be run`,
  );
  await mongo.stop();
});

test('a stopped engine keeps no process alive', async () => {
  const script = `
    const { startMongo } = await import(${JSON.stringify(here('index.ts'))});
    const { startTap, refusedUri } = await import(${JSON.stringify(here('tap.ts'))});
    const { connect } = await import('node:net');
    const mongo = await startMongo('embedded');
    const tap = await startTap(mongo.uri);
    await refusedUri();
    const socket = connect(new URL(tap.uri).port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve));
    await tap.stop();
    await mongo.stop();`;
  const run = promisify(execFile)(process.execPath, ['--import', tsx, '--input-type=module', '-e', script], {
    timeout: 120_000,
  });
  await expect(run).resolves.toMatchObject({ stderr: '' });
});

// A script with a #! line stands in for the binary, which Windows does not start.
describe.skipIf(WINDOWS)('with a mongod on the machine', () => {
  /** The stand-in writes its --dbpath to a file beside itself. */
  const notesDbPath = `const at = process.argv.indexOf('--dbpath');
    if (at > 0) require('node:fs').writeFileSync(__filename + '.dbpath', process.argv[at + 1]);`;
  const refuses = `if (!process.argv.includes('--version')) { console.error('out of order'); process.exit(1); }`;
  const install = async (first = notesDbPath) => {
    const path = join(folder, 'mongod');
    await writeFile(path, mongodScript(first));
    await chmod(path, 0o755);
    await symlink(process.execPath, join(folder, 'node'));
    return path;
  };

  test.each(['MONGOMS_SYSTEM_BINARY', 'PATH'])(
    'auto starts the one that %s names, and leaves nothing behind',
    async (where) => {
      let path = await install();
      if (where === 'MONGOMS_SYSTEM_BINARY') {
        await rename(path, `${path}-elsewhere`);
        path = `${path}-elsewhere`;
        vi.stubEnv('MONGOMS_SYSTEM_BINARY', path);
      }
      const mongo = await startMongo('auto');
      expect(mongo).toMatchObject({ kind: 'mongod', version: '7.0.14' });
      const client = await MongoClient.connect(mongo.uri);
      expect(await client.db('shop').command({ ping: 1 })).toMatchObject({ ok: 1 });
      await client.close();
      const dbPath = await readFile(`${path}.dbpath`, 'utf8');
      expect(existsSync(dbPath)).toBe(true);
      await mongo.stop();
      expect(existsSync(dbPath)).toBe(false);
      const asked = once(connect(Number(new URL(mongo.uri).port), '127.0.0.1'), 'connect');
      await expect(asked).rejects.toThrow('ECONNREFUSED');
    },
  );

  test('one that does not start is an EngineError for mongod and a note for auto', async () => {
    const path = await install(refuses);
    await expect(startMongo('mongod')).rejects.toThrow(`${path} did not start`);
    const mongo = await startMongo('auto');
    expect(mongo).toMatchObject({ kind: 'embedded', note: expect.stringContaining('did not start') });
    await mongo.stop();
  });

  test('it ends when the process that started it is killed', async () => {
    vi.stubEnv('MONGOMS_SYSTEM_BINARY', await install());
    const script = `
      const { startMongo } = await import(${JSON.stringify(here('index.ts'))});
      console.log((await startMongo('mongod')).uri);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [uri] = await once(child.stdout, 'data');
    const held = connect(Number(new URL(String(uri).trim()).port), '127.0.0.1');
    held.on('error', () => {});
    await once(held, 'connect');
    const closed = once(held.resume(), 'close');
    child.kill('SIGKILL');
    await closed;
    await rm(await readFile(join(folder, 'mongod.dbpath'), 'utf8'), { recursive: true, force: true });
  });
});
