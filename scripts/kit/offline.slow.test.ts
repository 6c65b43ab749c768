import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { npmCommand } from '../setup/packages.mjs';
import { ROOT } from '../shared/paths.ts';
import { fillKit } from './fill.ts';
import { type LockFile, neededTarballs, type Tarball } from './lock.ts';
import { PLATFORMS } from './platforms.ts';

// Hundreds of packages are unpacked, and the machine may be busy.
const platform = PLATFORMS.find((each) => each === `${process.platform}-${process.arch}`);
const { file: npm, args: query, ...options } = npmCommand(['config', 'get', 'cache']);
const npmCache = spawnSync(npm, query, { ...options, encoding: 'utf8' }).stdout.trim();

// npm fetches only binaries for this machine's C library, so its cache lacks the others.
const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
const OTHER_LIBC = header.glibcVersionRuntime ? /-musl-/ : /-gnu-/;
vi.mock(import('./lock.ts'), async (original) => {
  const lock = await original();
  return {
    ...lock,
    neededTarballs: (...args) => lock.neededTarballs(...args).filter(({ file }) => !OTHER_LIBC.test(file)),
  };
});

/** The archives in a kit for this machine: for the lessons, and for the labs and the audit when their lock files exist. */
const LABS = 'scripts/labs/packages/package-lock.json';
const AUDIT = 'scripts/audit/packages/package-lock.json';
const hasLabs = existsSync(join(ROOT, LABS));
const locks = ['package-lock.json', LABS, AUDIT].filter((file) => existsSync(join(ROOT, file)));
const tarballs = locks.flatMap((file) => {
  const lock = JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as LockFile;
  return platform ? neededTarballs(lock, [platform], false) : [];
});
const lacking = tarballs.filter((tarball) => !existsSync(inNpmCache(tarball)));

/** Where npm's cache has an archive. The tests use no registry and are skipped when an archive is missing. */
function inNpmCache({ integrity }: Tarball): string {
  const sum = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
  return join(npmCache, '_cacache', 'content-v2', 'sha512', sum.slice(0, 2), sum.slice(2, 4), sum.slice(4));
}

/** Runs a command in a network namespace with only the loopback device, if the system allows it. */
const CUT = ['unshare', '-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const canCut = spawnSync(CUT[0] ?? '', [...CUT.slice(1), 'true']).status === 0;

// `npm ci` fetches the lessons' archives; those of the labs and the audit come with their first use.
describe.skipIf(tarballs.length === 0 || lacking.length > 0)(
  'a kit on a machine that has Node and nothing else',
  () => {
    let home: string;
    let kit: string;
    beforeAll(async () => {
      home = mkdtempSync(join(tmpdir(), 'workshop kit ü '));
      kit = join(home, 'session-shop');
      vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      vi.stubEnv('WORKSHOP_MONGO', 'embedded');
      const packages = join(home, 'cache', 'packages');
      mkdirSync(packages, { recursive: true });
      for (const tarball of tarballs) cpSync(inNpmCache(tarball), join(packages, tarball.file));
      mkdirSync(kit);
      if (platform)
        await fillKit(kit, ROOT, join(home, 'cache'), {
          platforms: [platform],
          tests: false,
          compass: false,
        });
      vi.unstubAllEnvs();
      vi.restoreAllMocks();
    });
    afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));

    /** Runs a command there with an empty home, an empty npm cache, and no network or at least no registry. */
    function run(...args: string[]): SpawnSyncReturns<string> {
      const line = [...(canCut ? CUT : []), process.execPath, 'scripts/launch.mjs', ...args];
      const [program = '', ...rest] = line;
      const empty = join(home, 'empty');
      const places = { HOME: empty, USERPROFILE: empty, APPDATA: empty, LOCALAPPDATA: empty };
      const kept = Object.entries(process.env).filter(
        ([key]) => !/^(?:npm_|VITEST|NODE_|MONGO|WORKSHOP_)/i.test(key),
      );
      const env = {
        ...Object.fromEntries(kept),
        ...places,
        NO_COLOR: '1',
        npm_config_registry: 'http://127.0.0.1:1/',
      };
      return spawnSync(program, rest, { cwd: kit, env, encoding: 'utf8' });
    }

    it('is not installed from when a file of it is damaged', () => {
      const file = join(kit, 'kit', 'packages', 'express-5.3.0.tgz');
      const whole = readFileSync(file);
      truncateSync(file, 1000);
      const { status, stderr } = run('list');
      cpSync(join(home, 'cache', 'packages', 'express-5.3.0.tgz'), file);
      expect(readFileSync(file)).toEqual(whole);
      expect(status).toBe(3);
      expect(stderr).toMatch(
        /^This kit is damaged: kit\/packages\/express-5\.3\.0\.tgz is missing or not .+\nCopy the whole/,
      );
      expect(existsSync(join(kit, 'node_modules'))).toBe(false);
    });

    it(`installs, grades and lists ${canCut ? 'with the network cut off' : 'with no registry'}`, () => {
      const check = run('check', '1', '--solutions');
      expect(check.stderr).toMatch(
        /^Installing the packages of the workshop from the kit, without the network\./,
      );
      expect(check.stdout).toContain('All 5 steps pass.');
      expect(check.status).toBe(0);
      const list = run('list');
      expect(list).toMatchObject({ status: 0, stderr: '' });
      expect(list.stdout).toContain('npm run lesson 1   goes on here');
    });

    it.skipIf(!hasLabs)('has what the labs fetch', () => {
      const lab = run('lab', 'size', '--quick');
      expect(lab.stderr).toContain('Fetching what the labs need');
      expect(lab.status).toBe(0);
      expect(existsSync(join(kit, '.workshop', 'lab-packages', 'node_modules', 'chart.js'))).toBe(true);
    });
  },
);
