import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { bareMachine, mongodArchive, startMirror } from '../mongo/mirror-support.ts';
import { collectMongods } from './mongods.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const on = (mirror: string) => {
  for (const [name, value] of Object.entries(bareMachine(folder, mirror))) vi.stubEnv(name, value);
};
const collect = (to: string) =>
  collectMongods(['linux-x64', 'darwin-arm64'], join(folder, 'kept'), join(folder, to));
const filesIn = (name: string) => readdirSync(join(folder, name)).sort();

// This mirror's archive is a tgz, although Windows would need a zip.
it.skipIf(process.platform === 'win32')(
  'a mongod for each platform is fetched once, its checksum beside it',
  async () => {
    const mirror = await startMirror(await mongodArchive());
    on(mirror.url);
    expect(await collect('first')).toEqual({ there: ['linux-x64', 'darwin-arm64'], why: '' });
    expect(filesIn('first')).toEqual([
      'mongod-arm64-darwin-8.2.6',
      'mongod-arm64-darwin-8.2.6.md5',
      expect.stringMatching(/^mongod-x64-\w+-8\.2\.6$/),
      expect.stringMatching(/^mongod-x64-\w+-8\.2\.6\.md5$/),
    ]);
    const asked = mirror.asked.length;
    await collect('second');
    expect(mirror.asked).toHaveLength(asked);
    expect(filesIn('second')).toEqual(filesIn('first'));
    await mirror.stop();
  },
);

it('where none can be had that is said, and nothing is put there', async () => {
  on('http://127.0.0.1:1');
  expect(await collect('none')).toEqual({
    there: [],
    why: expect.stringMatching(/^127\.0\.0\.1:1 cannot be reached \(\w+\)$/),
  });
  expect(filesIn('.')).not.toContain('none');
});

it('none is wanted where the embedded engine is', async () => {
  vi.stubEnv('WORKSHOP_MONGO', 'embedded');
  expect(await collect('none')).toMatchObject({ there: [] });
});
