import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Mongo, startMongo } from '../../scripts/mongo/index.ts';
import { startTap, type Tap } from '../../scripts/mongo/tap.ts';
import { ROOT } from '../../scripts/shared/paths.ts';

const LIMIT = 60_000;
let mongo: Mongo;
let tap: Tap;
beforeAll(async () => {
  mongo = await startMongo();
  tap = await startTap(mongo.uri);
});
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(async () => {
  await tap.stop();
  await mongo.stop();
});

/** `npm start` in a separate process, with a channel that can stop it on every system. */
function start(env: NodeJS.ProcessEnv) {
  const { NODE_ENV, VITEST, ...machine } = process.env;
  const child = spawn(process.execPath, ['scripts/launch.mjs', 'start'], {
    cwd: ROOT,
    env: { ...machine, NO_COLOR: '1', WORKSHOP_MONGO: 'embedded', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text) => (printed += text));
  const exit = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const says = (pattern: RegExp) =>
    expect
      .poll(() => printed, { timeout: LIMIT })
      .toMatch(pattern)
      .then(() => pattern.exec(printed)?.[1] ?? '');
  return { child, exit, says, printed: () => printed };
}

const onTap = () => ({
  MONGODB_URI: `${tap.uri}shop`,
  SESSION_SECRET: 'for tests, and long enough to be one',
  // So high that no test depends on the machine's speed.
  DATABASE_TIMEOUT_MS: '30000',
});

/** Adds a mug, while Mongo delays the write until it behaves again. */
async function mugInFlight(url: string): Promise<{ answer: Promise<Response> }> {
  await fetch(`${url}/readyz`);
  tap.forget();
  tap.hang();
  const answer = fetch(`${url}/cart`, {
    method: 'POST',
    body: new URLSearchParams({ product: 'mug' }),
    redirect: 'manual',
  });
  await tap.seen('update', LIMIT);
  return { answer };
}

describe('the shop as a process', () => {
  const asks: [string, (child: ChildProcess) => void][] = [
    ['the message "shutdown"', (child) => void child.send('shutdown')],
    ['the end of who started it', (child) => child.disconnect()],
  ];
  if (process.platform !== 'win32')
    asks.push(['SIGTERM', (child) => child.kill('SIGTERM')], ['SIGINT', (child) => child.kill('SIGINT')]);

  it.each(asks)('finishes what is in flight, and takes nothing new, at %s', async (_how, ask) => {
    const shop = start(onTap());
    const url = await shop.says(/(http:\/\/127\.0\.0\.1:\d+)/);
    const { answer } = await mugInFlight(url);
    ask(shop.child);
    await shop.says(/Closing: /);
    await expect(fetch(url)).rejects.toThrow();
    await tap.behave();
    expect((await answer).status).toBe(303);
    expect(await shop.exit).toBe(0);
    expect(shop.printed()).not.toContain('connections were cut');
    const client = await MongoClient.connect(mongo.uri);
    const id = /s%3A([^.]+)\./.exec((await answer).headers.get('set-cookie') ?? '')?.[1] ?? '';
    const stored = await client.db('shop').collection<{ _id: string }>('sessions').findOne({ _id: id });
    await client.close();
    expect(stored).toMatchObject({ session: { cart: [{ productId: 'mug', quantity: 1 }] } });
  });

  it('opens on a Mongo in memory when none is named, and says so', async () => {
    const shop = start({ MONGODB_URI: '', SESSION_SECRET: '' });
    const url = await shop.says(/(http:\/\/127\.0\.0\.1:\d+)/);
    await shop.says(/embedded [\d.]+, in memory/);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    shop.child.send('shutdown');
    expect(await shop.exit).toBe(0);
  });

  it.each([
    [{ MONGODB_URI: 'mongodb://ada:s3cret@<host>/' }, /MONGODB_URI still has a <placeholder>/],
    [{ NODE_ENV: 'production', MONGODB_URI: '' }, /MONGODB_URI is missing/],
    [
      { MONGODB_URI: 'mongodb://ada:s3cret@127.0.0.1:1/?nonsense=1' },
      /MONGODB_URI cannot be used: option nonsense is not supported\. npm run doctor/,
    ],
    [{ PORT: '70000' }, /^PORT is not a whole number from 0 to 65535\.\n$/, 2],
  ])('does not open with %j, and says why in a sentence', async (env, says, exitCode = 3) => {
    const shop = start({ ...onTap(), ...env });
    expect(await shop.exit).toBe(exitCode);
    expect(shop.printed()).toMatch(says);
    expect(shop.printed()).not.toMatch(/s3cret|\n\s+at /);
  });

  it('says that a port is taken', async () => {
    const first = start(onTap());
    const port = await first.says(/http:\/\/127\.0\.0\.1:(\d+)/);
    const second = start({ ...onTap(), PORT: port });
    expect(await second.exit).toBe(3);
    expect(second.printed()).toContain(`Port ${port} is taken. Set PORT to another one.`);
    first.child.send('shutdown');
    expect(await first.exit).toBe(0);
  });
});
