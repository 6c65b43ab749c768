import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { versionIn } from '../../redis/server.ts';
import { removeSync } from '../../setup/files.mjs';
import { Backends } from './index.ts';
import { findProgram } from './server-program.ts';

const redis = findProgram('redis-server');

it.skipIf(!redis || process.platform === 'win32')(
  'a valkey-server on the PATH is started for stores of Valkey',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'workshop-valkey-'));
    const backends = new Backends();
    onTestFinished(async () => {
      await backends.stop();
      vi.unstubAllEnvs();
      removeSync(folder);
    });
    symlinkSync(redis ?? '', join(folder, 'valkey-server'));
    vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
    const backend = await backends.get('valkey');
    if ('missing' in backend) throw new Error(backend.missing);
    expect(backend.words).toMatch(/^valkey-server \d/);
    const place = await backend.place();
    expect(place.url).toMatch(/^redis:/);
    await place.remove();
  },
);

it('without one, it is said how to play the store on a redis-server', async () => {
  vi.stubEnv('PATH', '');
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const backends = new Backends();
  const backend = await backends.get('valkey');
  await backends.stop();
  // Some systems have one outside the PATH.
  if ('missing' in backend) expect(backend.how.join('\n')).toContain('--backend redis');
  else expect(backend.words).toContain('valkey-server');
});

it('a Valkey is told by its own version, not by that of the Redis which it stands for', () => {
  const info = '# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.3\r\n';
  expect(versionIn(info)).toEqual({ version: '8.1.3', isValkey: true });
  expect(versionIn('# Server\r\nredis_version:7.0.15\r\n')).toEqual({ version: '7.0.15', isValkey: false });
});
