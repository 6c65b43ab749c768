import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { npmCommand } from '../setup/packages.mjs';
import { EnvironmentError } from '../shared/errors.ts';
import { fetchTarballs } from './fetch.ts';
import type { Tarball } from './lock.ts';

// These tests start npm, and the machine may be busy.
const sum = (algorithm: string, bytes: Buffer, as: 'hex' | 'base64') =>
  createHash(algorithm).update(bytes).digest(as);
let home: string;
let archive: Buffer;
let tea: Tarball;
/** A registry on the loopback address with one package, and the requests that it got. */
let asked: string[] = [];
const registry = createServer(({ url = '' }, response) => {
  asked.push(url);
  if (url.endsWith('.tgz')) return void response.end(archive);
  if (url !== '/tea') return void response.writeHead(404).end('{}');
  const dist = {
    tarball: `${address()}tea.tgz`,
    integrity: tea.integrity,
    shasum: sum('sha1', archive, 'hex'),
  };
  const version = { name: 'tea', version: '1.0.0', dist };
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({ name: 'tea', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }),
  );
});
const address = () => `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'workshop kit '));
  mkdirSync(join(home, 'tea'));
  writeFileSync(join(home, 'tea', 'package.json'), JSON.stringify({ name: 'tea', version: '1.0.0' }));
  const { file, args, env, shell } = npmCommand(['pack', '--silent']);
  await promisify(execFile)(file, args, { cwd: join(home, 'tea'), env, shell });
  archive = readFileSync(join(home, 'tea', 'tea-1.0.0.tgz'));
  tea = { spec: 'tea@1.0.0', file: 'tea-1.0.0.tgz', integrity: `sha512-${sum('sha512', archive, 'base64')}` };
  registry.listen(0, '127.0.0.1');
  await once(registry, 'listening');
});
afterAll(() => {
  registry.close();
  rmSync(home, { recursive: true });
});

let folder: string;
beforeEach(() => {
  asked = [];
  folder = mkdtempSync(join(home, 'packages '));
  vi.stubEnv('npm_config_registry', address());
  vi.stubEnv('npm_config_cache', mkdtempSync(join(home, 'cache ')));
  vi.stubEnv('npm_config_offline', '');
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('the archives of a kit', () => {
  it('come from the registry once; one that is not whole comes again', async () => {
    await fetchTarballs([tea], folder);
    expect(readdirSync(folder)).toEqual(['tea-1.0.0.tgz']);
    expect(readFileSync(join(folder, tea.file))).toEqual(archive);
    expect(asked).toContain('/tea.tgz');

    asked = [];
    await fetchTarballs([tea], folder);
    expect(asked).toEqual([]);

    truncateSync(join(folder, tea.file), 10);
    await fetchTarballs([tea], folder);
    expect(readFileSync(join(folder, tea.file))).toEqual(archive);
  });

  it('are named when they cannot be had, and what was fetched stays', async () => {
    const milk: Tarball = { spec: 'milk@2.0.0', file: 'milk-2.0.0.tgz', integrity: 'sha512-aa' };
    await fetchTarballs([tea], folder);
    const failing = fetchTarballs([tea, milk], folder);
    await expect(failing).rejects.toThrow(EnvironmentError);
    await expect(failing).rejects.toThrow(
      /^1 package could not be fetched: milk@2\.0\.0 \(npm says E404\)\.\n.*npm ping/,
    );
    expect(readdirSync(folder)).toEqual(['tea-1.0.0.tgz']);
  });

  it('are not taken when they are others than the lock file names', async () => {
    const other = { ...tea, integrity: `sha512-${sum('sha512', Buffer.from('other'), 'base64')}` };
    await expect(fetchTarballs([other], folder)).rejects.toThrow(/tea@1\.0\.0/);
  });

  it('cannot be had without a network, and that is said soon', async () => {
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:1/');
    await expect(fetchTarballs([tea], folder)).rejects.toThrow(/tea@1\.0\.0 \(npm says ECONNREFUSED\)/);
  });
});
