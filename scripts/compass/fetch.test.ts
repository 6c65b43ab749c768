import { EventEmitter, once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { tinyWorkshop } from '../course/fixtures/test-support.ts';
import { fetchCompass } from './fetch.ts';
import wanted from './packages/package-lock.json' with { type: 'json' };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A registry on this machine, and an npm with an empty cache. @returns emits 'asked' */
async function registry(answer: Answer): Promise<EventEmitter> {
  const heard = new EventEmitter();
  const server = createServer((request, response) => {
    heard.emit('asked');
    answer(request, response);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  vi.stubEnv('npm_config_registry', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  vi.stubEnv('npm_config_cache', tinyWorkshop().path('npm-cache'));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return heard;
}

const hasNothing: Answer = (_request, response) => response.writeHead(404).end('{}');
const hangs: Answer = () => {};
/** Has every package, and sends the same few bytes for each. */
const sendsSomethingElse: Answer = ({ url = '', headers }, response) => {
  if (url.endsWith('.tgz')) {
    response.end(gzipSync('not what was asked for'));
    return;
  }
  const name = decodeURIComponent(url.slice(1));
  const { version } = wanted.packages[`node_modules/${name}` as 'node_modules/react'];
  const dist = { tarball: `http://${headers.host}/${version}.tgz` };
  response.end(JSON.stringify({ name, versions: { [version]: { name, version, dist } } }));
};

describe("fetching Compass's interface", () => {
  it('names the exact version and the checksum of everything, and no host', () => {
    const { '': own, ...packages } = wanted.packages;
    expect(Object.values(own.dependencies)).toEqual(['1.1.1', '18.3.1', '18.3.1']);
    for (const entry of Object.values(packages)) {
      expect(entry).toMatchObject({
        version: expect.any(String),
        integrity: expect.stringMatching(/^sha512-/),
      });
      expect(entry).not.toHaveProperty('resolved');
    }
  });

  it.each([
    ['has none of it', hasNothing],
    ['sends something else', sendsSomethingElse],
  ])('from a registry that %s is said to be none, and nothing is kept', async (_name, answer) => {
    await registry(answer);
    const tiny = tinyWorkshop();
    const said: string[] = [];
    await expect(fetchCompass((line) => said.push(line), tiny.root)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/could not be fetched.*npm ping.*connection string above/),
    });
    expect(readdirSync(tiny.path('.workshop'))).toEqual([]);
    // Its name, size, folder and licence are printed before anything is fetched.
    for (const words of ['6 MB', '.workshop/compass', 'SSPL', 'Ctrl+C'])
      expect(said.join('\n')).toContain(words);
  });

  it('ends at once when it is stopped, and keeps nothing', async () => {
    const heard = await registry(hangs);
    const tiny = tinyWorkshop();
    const fetching = fetchCompass(() => {}, tiny.root);
    await once(heard, 'asked');
    process.emit('SIGHUP');
    expect(await fetching).toBeUndefined();
    expect(readdirSync(tiny.path('.workshop'))).toEqual([]);
  });
});
