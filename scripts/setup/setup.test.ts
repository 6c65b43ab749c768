import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { removeSync } from './files.mjs';
import { nodeTooOld, OLDEST_NODE } from './node-version.mjs';
import { howFar, INSTALLED_MB, type Lock, missingPackages, npmCommand } from './packages.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
/** File systems use whole blocks of this many bytes. */
const BLOCK = 4096;

/** The size of a package on disk, in bytes, without the packages inside it. */
function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .map((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sizeOf(path) : Math.ceil(lstatSync(path).size / BLOCK) * BLOCK;
    })
    .reduce((sum, size) => sum + size, BLOCK);
}

describe('the version of Node', () => {
  it.each(['8.17.0', '18.17.1', '19.9.0', '20.9.0', '20.18.9'])('%s is too old', (version) => {
    const complaint = nodeTooOld(version);
    expect(complaint).toContain(`This is Node ${version}. The workshop needs Node 20.19.0 or later.`);
    expect(complaint).toMatch(/https:\/\/nodejs\.org.*nvm install/);
  });

  it.each(['20.19.0', '20.19.1', '20.20.0', '22.0.0', '24.1.0', '100.0.0'])('%s will do', (version) => {
    expect(nodeTooOld(version)).toBeUndefined();
  });

  it('is the one that package.json asks for', async () => {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } });
    expect(manifest.engines.node).toBe(`>=${OLDEST_NODE}`);
  });
});

describe('packages', () => {
  const LOCK: Lock = {
    packages: {
      '': { version: '0.1.0' },
      'node_modules/express': { version: '5.1.0' },
      'node_modules/express/node_modules/ms': { version: '2.0.0' },
      'node_modules/vitest': { version: '4.1.0', dev: true },
      'node_modules/fsevents': { version: '2.3.3', optional: true },
      'node_modules/typescript': { version: '7.0.0', devOptional: true },
    },
  };
  const without = (path: string): Lock => ({
    packages: Object.fromEntries(Object.entries(LOCK.packages).filter(([key]) => key !== path)),
  });

  it('are all there', () => {
    expect(missingPackages(LOCK, LOCK, { dev: true })).toEqual([]);
  });

  it('are all missing without node_modules; development packages only where they are needed', () => {
    const needed = ['node_modules/express', 'node_modules/express/node_modules/ms'];
    expect(missingPackages(LOCK, undefined, { dev: false })).toEqual(needed);
    expect(missingPackages(LOCK, undefined, { dev: true })).toEqual([...needed, 'node_modules/vitest']);
  });

  it('one is missing, at any depth', () => {
    const path = 'node_modules/express/node_modules/ms';
    expect(missingPackages(LOCK, without(path), { dev: false })).toEqual([path]);
  });

  it('one has another version', () => {
    const packages = { ...LOCK.packages, 'node_modules/express': { version: '4.21.0' } };
    expect(missingPackages(LOCK, { packages }, { dev: false })).toEqual(['node_modules/express']);
  });

  it('optional ones are for other systems, and more than needed does no harm', () => {
    expect(missingPackages(LOCK, without('node_modules/fsevents'), { dev: true })).toEqual([]);
    expect(missingPackages(LOCK, without('node_modules/typescript'), { dev: true })).toEqual([]);
    const packages = { ...LOCK.packages, 'node_modules/leftover': { version: '1.0.0' } };
    expect(missingPackages(LOCK, { packages }, { dev: true })).toEqual([]);
  });

  it('cannot be missing where there is no lock file to ask', () => {
    expect(missingPackages(undefined, undefined, { dev: true })).toEqual([]);
  });

  it.each([
    ['a learner', false, INSTALLED_MB.learner],
    ['npm test', true, INSTALLED_MB.dev],
  ])('of %s take as much disk as is said', (_, dev, said) => {
    const file = join(ROOT, 'node_modules', '.package-lock.json');
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as Lock;
    const paths = Object.keys(packages).filter((path) => dev || !packages[path]?.dev);
    const megabytes = paths.reduce((sum, path) => sum + sizeOf(join(ROOT, path)), 0) / 2 ** 20;
    expect(megabytes).toBeGreaterThan(said * 0.75);
    // A learner's install may not grow. On other systems some binaries are larger by MB.
    const isLimit = !dev && process.platform === 'linux';
    expect(megabytes).toBeLessThan(isLimit ? said : said * 1.25);
  });
});

it.each(['', 'C:\\npm\\pnpm.cjs', '/opt/npm/npm-cli.js'])('no arguments beside a shell: npm at %j', (npm) => {
  vi.stubEnv('npm_execpath', npm);
  const { file, args, shell } = npmCommand(['ci', '--no-audit'], true);
  // With a shell Node warns of arguments, and the shell would parse each again.
  expect(shell ? args : []).toEqual([]);
  expect([file, ...args].join(' ')).toMatch(/npm(?:-cli\.js)? ci --no-audit$/);
  vi.unstubAllEnvs();
});

it('an installation says how many packages are there: those that npm has unpacked', () => {
  const root = mkdtempSync(join(tmpdir(), 'how-far-'));
  onTestFinished(() => removeSync(root));
  const paths = ['node_modules/express', 'node_modules/@types/node'];
  expect(howFar(root, paths, 900)).toBe('0 of 2 packages are there, after 1 s');
  for (const path of paths) mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, 'node_modules/@types/node/package.json'), '{}');
  expect(howFar(root, paths, 12_400)).toBe('1 of 2 packages are there, after 12 s');
});
