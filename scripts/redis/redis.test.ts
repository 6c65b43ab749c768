import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { EngineError } from '../mongo/engine-error.ts';
import { refusedUri } from '../mongo/refused.ts';
import { howToGetOne, startRedis } from './index.ts';
import { findServer, startServer } from './server.ts';
import type { Redis } from './types.ts';

const path = await findServer(process.env.PATH ?? '');
const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

/** A separate server, until the test ends. */
async function ownServer(): Promise<Redis> {
  const redis = await startRedis({ url: '' });
  if (!redis) throw new Error('there was one on the PATH a moment ago');
  open.push(redis);
  return redis;
}

async function clientOf(url: string) {
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  onTestFinished(() => {
    if (client.isOpen) client.destroy();
  });
  return client;
}

/** Resolves when connections to that URL are refused. */
async function untilRefused(url: string): Promise<void> {
  for (;;) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const error = await once(socket, 'connect').catch((reason: NodeJS.ErrnoException) => reason.code);
    socket.destroy();
    if (error === 'ECONNREFUSED') return;
  }
}

it('finds none in folders that have none', async () => {
  expect(await startRedis({ url: '', path: import.meta.dirname })).toBeUndefined();
  expect(howToGetOne().join('\n')).toMatch(/Linux.*macOS.*Windows.*Docker/s);
});

it('says what a server said that does not start', async () => {
  const started = startServer(process.execPath);
  await expect(started).rejects.toBeInstanceOf(EngineError);
  await expect(started).rejects.toThrow(/did not start\. It says: .*bad option/s);
});

describe.skipIf(!path)('a server of our own', () => {
  it('is empty, keeps nothing on the disk, and is gone when it is stopped', async () => {
    const redis = await ownServer();
    expect(redis.words).toMatch(/^(?:redis|valkey)-server \d+\.\d+/);
    const client = await clientOf(redis.url);
    expect(await client.dbSize()).toBe(0);
    expect(await client.configGet(['save', 'appendonly', 'bind'])).toMatchObject({
      save: '',
      appendonly: 'no',
      bind: '127.0.0.1',
    });
    await redis.stop();
    await untilRefused(redis.url);
    await redis.stop();
  });

  it('is one each: several at once do not meet', async () => {
    const [one, other] = await Promise.all([ownServer(), ownServer()]);
    await (await clientOf(one.url)).set('a', '1');
    expect(await (await clientOf(other.url)).dbSize()).toBe(0);
  });

  it.skipIf(process.platform === 'win32')(
    'may be started by a program in between, and ends with it',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'shim-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      // As those of Scoop and Chocolatey do: the server is its child process.
      const shim = join(folder, 'redis-server');
      const start = `require('node:child_process').spawn(${JSON.stringify(path)}, process.argv.slice(2), { stdio: 'inherit' });`;
      writeFileSync(shim, `#!${process.execPath}\n${start}\n`, { mode: 0o755 });
      const redis = await startServer(shim);
      await (await clientOf(redis.url)).ping();
      await redis.stop();
      await untilRefused(redis.url);
    },
  );

  it('ends with the process that started it, even when that is killed', async () => {
    const script = `import { startRedis } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      const redis = await startRedis({ url: '' });
      console.log(redis.url);
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = await once(child.stdout.setEncoding('utf8'), 'data');
    await (await clientOf(url.trim())).ping();
    child.kill('SIGKILL');
    await untilRefused(url.trim());
  });
});

describe.skipIf(!path)('a database that is borrowed from REDIS_URL', () => {
  it('is an empty one, and empty again afterwards', async () => {
    const { url } = await ownServer();
    const owner = await clientOf(url);
    for (const number of [0, 15]) {
      await owner.select(number);
      await owner.set('sess:mine', 'precious');
    }
    const borrowed = await startRedis({ url, path: '' });
    expect(borrowed?.url).toBe(`${url}/14`);
    expect(borrowed?.words).toMatch(/^Redis \d.* at your REDIS_URL$/);
    const shop = await clientOf(borrowed?.url ?? '');
    await shop.set('sess:ours', 'a mug');
    await shop.close();
    await borrowed?.stop();
    expect(await owner.get('sess:mine')).toBe('precious');
    await owner.select(14);
    expect(await owner.dbSize()).toBe(0);
  });

  it('is not lent twice', async () => {
    const { url } = await ownServer();
    const borrowed = await Promise.all([1, 2, 3].map(() => startRedis({ url })));
    expect(new Set(borrowed.map((each) => each?.url)).size).toBe(3);
    for (const each of borrowed) await each?.stop();
  });

  it('is never number 0, which a hosted Redis often has alone', async () => {
    const { url } = await ownServer();
    const owner = await clientOf(url);
    for (let number = 1; number < 16; number++) {
      await owner.select(number);
      await owner.set('mine', '1');
    }
    await expect(startRedis({ url })).rejects.toThrow(
      /no empty database from 1 to 15, so nothing was borrowed/,
    );
    await owner.select(0);
    expect(await owner.keys('*')).toEqual([]);
  });

  it('keeps every key once another program has written there', async () => {
    const { borrowed, owner } = await borrowedFromOwner();
    await owner.set('orders:1', 'precious');
    await owner.set('sess:real-shopper', 'precious');
    await borrowed.stop();
    expect((await owner.keys('*')).sort()).toEqual(['orders:1', 'sess:real-shopper']);
  });

  it('keeps every session while another program is connected to it', async () => {
    const { borrowed, owner } = await borrowedFromOwner();
    await owner.set('sess:real-shopper', 'precious');
    await borrowed.stop();
    expect(await owner.keys('*')).toEqual(['sess:real-shopper']);
  });

  it('is empty afterwards when the Redis drops idle connections', async () => {
    const { borrowed, owner } = await borrowedFromOwner();
    await owner.set('sess:ours', 'a mug');
    await owner.select(0);
    await owner.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
    await borrowed.stop();
    await owner.select(15);
    expect(await owner.keys('*')).toEqual([]);
  });

  it('can be given back when the Redis is gone, and is claimed for minutes at most', async () => {
    const { borrowed, owner, server } = await borrowedFromOwner();
    const [claim = ''] = await owner.keys('*');
    expect(await owner.ttl(claim)).toBeGreaterThan(60);
    expect(await owner.ttl(claim)).toBeLessThanOrEqual(300);
    await server.stop();
    await borrowed.stop();
  });
});

/** Database 15 of a server, with a connection of its owner. */
async function borrowedFromOwner() {
  const server = await ownServer();
  const borrowed = await startRedis({ url: server.url });
  if (!borrowed) throw new Error('REDIS_URL was given');
  open.push(borrowed);
  return { server, borrowed, owner: await clientOf(borrowed.url) };
}

describe('a REDIS_URL that nobody answers at', () => {
  it('is named, without its password', async () => {
    const { uri, release } = await refusedUri();
    onTestFinished(release);
    const url = `redis://me:hush@127.0.0.1:${new URL(uri).port}`;
    const started = startRedis({ url });
    await expect(started).rejects.toBeInstanceOf(EngineError);
    await expect(started).rejects.toThrow(/No Redis answers at REDIS_URL \(redis:\/\/me:\*\*\*@127/);
    await expect(started).rejects.not.toThrow(/hush/);
  });

  it('may be no address at all', async () => {
    await expect(startRedis({ url: 'localhost, I think' })).rejects.toThrow(/which is no address/);
  });
});
