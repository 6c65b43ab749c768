import { chmod, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { workshopCopy } from '../course/fixtures/command-support.ts';
import {
  bareMachine,
  type Mirror,
  mongodArchive,
  mongodScript,
  startMirror,
} from '../mongo/mirror-support.ts';

test('npm run mongod takes no arguments', async () => {
  const { code, out, err } = await workshopCopy().run('mongod 8');
  expect({ code, out, err }).toEqual({
    code: 2,
    out: '',
    err: 'npm run mongod takes nothing, and was given 8.\n',
  });
});

// The stand-in for mongod is a script with a #! line, which Windows does not start.
describe.skipIf(process.platform === 'win32')('npm run mongod', () => {
  let folder: string;
  let mirror: Mirror;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'workshop-test-'));
    await symlink(process.execPath, join(folder, 'node'));
    mirror = await startMirror(await mongodArchive());
  });
  afterAll(async () => {
    await mirror.stop();
    await rm(folder, { recursive: true });
  });

  test('fails in one line where there is none, and tries again when it is told to', async () => {
    const copy = workshopCopy();
    const env = bareMachine(folder, mirror.url);
    mirror.status = 404;
    const failed = await copy.run('mongod', env);
    expect([failed.code, failed.out]).toEqual([3, '']);
    expect(failed.err).toMatch(/^There is no mongod on this machine and .*\(HTTP 404\).*\n$/);
    expect(copy.has('.workshop/mongod-download.json')).toBe(true);

    mirror.status = 200;
    const fetched = await copy.run('mongod', env);
    expect(fetched.code).toBe(0);
    expect(fetched.out).toMatch(/^mongod 7\.0\.14 is on this machine: .*cache.mongod-.*-8\.2\.6\n$/);
    expect(fetched.err).toMatch(
      /^Downloading mongod 8\.2\.6 \(2 MB, once\) from 127\.0\.0\.1:\d+\..*\nmongod-.* is complete\. .*\n$/,
    );
    expect(copy.has('.workshop/mongod-download.json')).toBe(false);
  });

  test('fetches nothing where there is one', async () => {
    const own = await mkdtemp(join(folder, 'own-'));
    await writeFile(join(own, 'mongod'), mongodScript());
    await chmod(join(own, 'mongod'), 0o755);
    await symlink(process.execPath, join(own, 'node'));
    const { code, out, err } = await workshopCopy().run('mongod', bareMachine(own, 'http://127.0.0.1:1'));
    expect({ code, out, err }).toEqual({
      code: 0,
      out: `mongod 7.0.14 is on this machine: ${join(own, 'mongod')}\n`,
      err: '',
    });
    expect((await readdir(own)).sort()).toEqual(['mongod', 'node']);
  });
});
