import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { MongoClient } from 'mongodb';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { fetchMongod } from './download.ts';
import { EngineError, startMongo } from './index.ts';
import { bareMachine, type Mirror, mongodArchive, startMirror } from './mirror-support.ts';
import { sizeOf } from './probe.ts';
import { refusedUri } from './refused.ts';
import { SELF_SIGNED } from './self-signed.ts';

const ALL = ['HEAD tgz', 'GET tgz', 'GET md5'];
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

// The archive's mongod is a script with a #! line, which Windows does not start; its archives are no tgz either.
describe.skipIf(process.platform === 'win32')('a mongod from a mirror', () => {
  let archive: Buffer;
  let folder: string;
  let mirror: Mirror;
  let said: string;
  beforeAll(async () => {
    archive = await mongodArchive();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workshop-test-'));
    await symlink(process.execPath, join(folder, 'node'));
    mirror = await startMirror(archive);
    for (const [name, value] of Object.entries(bareMachine(folder, mirror.url))) vi.stubEnv(name, value);
    said = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      said += chunk;
      return true;
    });
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    await mirror.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const cached = () => readdir(join(folder, 'cache')).catch((): string[] => []);
  const memory = () => join(folder, '.workshop', 'mongod-download.json');
  /** Both files of a whole download, and nothing else. */
  const complete = [expect.stringMatching(/^mongod-.*-8\.2\.6$/), expect.stringMatching(/-8\.2\.6\.md5$/)];

  /** As if stderr were a terminal. */
  const onTerminal = () => {
    const before = Object.getOwnPropertyDescriptor(process.stderr, 'isTTY');
    Object.defineProperty(process.stderr, 'isTTY', { value: true, configurable: true });
    return {
      [Symbol.dispose]: () => {
        if (before) Object.defineProperty(process.stderr, 'isTTY', before);
        else Reflect.deleteProperty(process.stderr, 'isTTY');
      },
    };
  };

  test('is asked for, fetched, checked, unpacked and started; the next start asks nobody', async () => {
    const mongo = await startMongo('mongod', folder);
    expect(mongo).toMatchObject({ kind: 'mongod', version: '7.0.14' });
    const client = await MongoClient.connect(mongo.uri);
    expect(await client.db('shop').command({ ping: 1 })).toMatchObject({ ok: 1 });
    await client.close();
    await mongo.stop();
    expect(mirror.asked).toEqual(ALL);
    expect(await cached()).toEqual(complete);
    await (await startMongo('auto', folder)).stop();
    expect(mirror.asked).toEqual(ALL);
  });

  test('is fetched by auto before a terminal: first the size, then a bar, and stdout stays clean', async () => {
    using _ = onTerminal();
    const out = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    let beforeArchive = '';
    mirror.send = (response) => {
      beforeArchive = said;
      response.end(archive);
    };
    const [mongo, other] = await Promise.all([startMongo('auto', folder), startMongo('auto', folder)]);
    await Promise.all([mongo.stop(), other.stop()]);
    expect([mongo.kind, other.kind]).toEqual(['mongod', 'mongod']);
    expect(mirror.asked).toEqual(ALL);
    expect(beforeArchive).toMatch(
      /Downloading mongod 8\.2\.6 \(2 MB, once\) from 127\.0\.0\.1:\d+\. Ctrl\+C stops it\.\n/,
    );
    expect(said).toMatch(/[█░]{30} +\d+ % of 2 MB/);
    expect(said).toContain('is complete');
    expect(said).not.toContain('Another process');
    expect(out).not.toHaveBeenCalled();
  });

  test.each([
    ['without a terminal', {}],
    ['in CI', { CI: 'true' }],
    ['where downloads are switched off', { MONGOMS_RUNTIME_DOWNLOAD: 'false' }],
  ])('is not even asked for by auto %s', async (where, env) => {
    using _ = where === 'without a terminal' ? { [Symbol.dispose]: () => {} } : onTerminal();
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    const mongo = await startMongo('auto', folder);
    await mongo.stop();
    expect(mongo.kind).toBe('embedded');
    expect(mongo.note).toBeUndefined();
    expect([mirror.asked, said]).toEqual([[], '']);
  });

  test.each<[string, () => void, RegExp]>([
    ['cut short', () => (mirror.archive = archive.subarray(0, 1_000_000)), /unexpected end of file/],
    ['with another checksum', () => (mirror.checksum = '0'.repeat(32)), /MD5 check failed/],
    ['not there', () => (mirror.status = 404), /127\.0\.0\.1:\d+ has no mongod for this system \(HTTP 404\)/],
  ])(
    '%s is an EngineError in one line; nothing of it is kept, and a good one is taken after it',
    async (_, break_, words) => {
      break_();
      const caught = () => fetchMongod(folder).catch((error) => error);
      // As npm run lesson does, which needs two databases.
      const [error, same] = await Promise.all([caught(), caught()]);
      expect(same).toBe(error);
      expect(error).toBeInstanceOf(EngineError);
      expect(error.message).toMatch(words);
      expect(error.message).toMatch(
        /^There is no mongod on this machine and .*WORKSHOP_MONGO=embedded does without it\.$/,
      );
      expect(await cached()).toEqual([]);
      Object.assign(mirror, { archive, checksum: undefined, status: 200 });
      await fetchMongod(folder);
      expect(await cached()).toEqual(complete);
      expect(existsSync(memory())).toBe(false);
    },
  );

  test('that cannot be reached is said once and not tried again that day, except on purpose or elsewhere', async () => {
    using _ = onTerminal();
    const refused = await refusedUri();
    vi.stubEnv('MONGOMS_DOWNLOAD_MIRROR', `http://127.0.0.1:${new URL(refused.uri).port}`);
    const first = await startMongo('auto', folder);
    expect(first.kind).toBe('embedded');
    expect(first.note).toMatch(
      /^Not on mongod but on the embedded engine: 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)\. It is tried again in a day, or by npm run mongod\.$/,
    );
    said = '';
    const second = await startMongo('auto', folder);
    expect([second.kind, second.note, said]).toEqual(['embedded', undefined, '']);
    await expect(fetchMongod(folder)).rejects.toThrow('ECONNREFUSED');
    vi.stubEnv('MONGOMS_DOWNLOAD_MIRROR', mirror.url);
    const third = await startMongo('auto', folder);
    expect(third.kind).toBe('mongod');
    for (const each of [first, second, third]) await each.stop();
    await refused.release();
  });

  test('that never answers is given up after two seconds, also behind a proxy', async () => {
    const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    vi.stubEnv('https_proxy', `http://127.0.0.1:${port}`);
    const direct = sizeOf(new URL(`http://127.0.0.1:${port}/x.tgz`), {});
    const proxied = fetchMongod(folder);
    const words = 'did not answer within 2 s';
    await Promise.all([expect(direct).rejects.toThrow(words), expect(proxied).rejects.toThrow(words)]);
    expect(mirror.asked).toEqual([]);
    silent.close();
  });

  test('whose certificate nobody vouches for is not trusted, unless npm was told to trust it', async () => {
    const unknown = await startMirror(archive, SELF_SIGNED);
    vi.stubEnv('MONGOMS_DOWNLOAD_MIRROR', unknown.url);
    vi.stubEnv('MONGOMS_USE_HTTP', 'false');
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', undefined);
    vi.stubEnv('npm_config_strict_ssl', undefined);
    await expect(fetchMongod(folder)).rejects.toThrow('cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT)');
    expect(unknown.asked).toEqual([]);
    vi.stubEnv('npm_config_strict_ssl', '');
    await fetchMongod(folder);
    expect(unknown.asked).toEqual(ALL);
    await unknown.stop();
  });

  describe('and several processes', () => {
    const running: ChildProcess[] = [];
    afterEach(() => {
      for (const child of running.splice(0)) child.kill('SIGKILL');
    });
    /** Starts a process that fetches a mongod and prints where it is. */
    const fetching = () => {
      const script = `
        const { fetchMongod } = await import(${JSON.stringify(new URL('download.ts', import.meta.url).href)});
        console.log(await fetchMongod(${JSON.stringify(folder)}));`;
      const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running.push(child);
      return child;
    };
    /** Resolves when the mirror has sent half of an archive, with a function that sends the rest. */
    const halfSent = () =>
      new Promise<() => void>((resolve) => {
        mirror.send = (response: ServerResponse) => {
          mirror.send = (next) => next.end(archive);
          response.write(archive.subarray(0, archive.length / 2), () =>
            resolve(() => response.end(archive.subarray(archive.length / 2))),
          );
        };
      });

    test('Ctrl+C stops it with 130, leaves nothing behind, and is remembered', async () => {
      const half = halfSent();
      const child = fetching();
      const words = text(child.stderr);
      await half;
      expect(await cached()).toEqual([expect.stringMatching(/^\.workshop-/), '8.2.6.lock']);
      child.kill('SIGINT');
      expect(await once(child, 'exit')).toEqual([130, null]);
      expect(await words).toContain(
        'Stopped. The embedded engine does its work; npm run mongod downloads again.',
      );
      expect(await cached()).toEqual([]);
      expect(JSON.parse(await readFile(memory(), 'utf8'))).toMatchObject({
        reason: 'the download was stopped',
      });
      using _ = onTerminal();
      const mongo = await startMongo('auto', folder);
      await mongo.stop();
      expect(mongo.kind).toBe('embedded');
    });

    test('what a killed one has left is swept away and not taken for whole', async () => {
      const half = halfSent();
      const child = fetching();
      await half;
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(await cached()).toHaveLength(2);
      await fetchMongod(folder);
      expect(await cached()).toEqual(complete);
    });

    test('two at once share one download', async () => {
      const half = halfSent();
      const [first, finish] = [fetching(), await half];
      const second = fetching();
      const [notice] = await once(second.stderr, 'data');
      expect(String(notice)).toContain('Another process is downloading mongod');
      finish();
      const [path, same] = await Promise.all([text(first.stdout), text(second.stdout)]);
      expect(path).toContain('mongod-');
      expect(same).toBe(path);
      expect(mirror.asked).toEqual(ALL);
      expect(await cached()).toEqual(complete);
    });
  });
});
