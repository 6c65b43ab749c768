import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { findMongod } from './find-mongod.ts';

afterEach(() => vi.unstubAllEnvs());

it('takes from a folder that went from machine to machine the one for this system', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  const systems = { linux: 'ubuntu-8.2.6', darwin: 'darwin-8.2.6', win32: 'win32-8.2.6.exe' };
  for (const system of Object.values(systems)) {
    for (const end of ['', '.md5']) {
      const file = join(folder, `mongod-${process.arch}-${system}${end}`);
      writeFileSync(file, '');
      chmodSync(file, 0o755);
    }
  }
  for (const name of ['MONGOMS_SYSTEM_BINARY', 'MONGOMS_VERSION', 'PATH']) vi.stubEnv(name, '');
  vi.stubEnv('MONGOMS_DOWNLOAD_DIR', folder);
  const found = await findMongod();
  rmSync(folder, { recursive: true });
  const own = process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux';
  expect(basename(found ?? '')).toBe(`mongod-${process.arch}-${systems[own]}`);
});
