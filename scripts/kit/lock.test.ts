import { expect, it } from 'vitest';
import { UsageError } from '../shared/errors.ts';
import { type LockFile, neededTarballs, pointedAt } from './lock.ts';
import { isFor, PLATFORMS, readPlatforms } from './platforms.ts';

const LOCK: LockFile = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/express': { version: '5.3.0', integrity: 'sha512-aa' },
    'node_modules/@node-rs/argon2': { version: '2.2.1', integrity: 'sha512-bb' },
    'node_modules/send/node_modules/ms': { version: '2.0.0', integrity: 'sha512-cc' },
    'node_modules/debug/node_modules/ms': { version: '2.0.0', integrity: 'sha512-cc' },
    'node_modules/@esbuild/win32-x64': {
      version: '0.28.2',
      integrity: 'sha512-dd',
      os: ['win32'],
      cpu: ['x64'],
    },
    'node_modules/@esbuild/aix-ppc64': {
      version: '0.28.2',
      integrity: 'sha512-ee',
      os: ['aix'],
      cpu: ['ppc64'],
    },
    'node_modules/vitest': { version: '4.1.12', integrity: 'sha512-ff', dev: true },
  },
};
const specs = (...given: Parameters<typeof neededTarballs>) =>
  neededTarballs(...given).map(({ spec }) => spec);
const COMMON = ['express@5.3.0', '@node-rs/argon2@2.2.1', 'ms@2.0.0'];

it('takes each package once, those of the platforms, and the development packages when asked to', () => {
  expect(specs(LOCK, ['linux-x64'], false)).toEqual(COMMON);
  expect(specs(LOCK, ['linux-x64', 'win32-x64'], false)).toEqual([...COMMON, '@esbuild/win32-x64@0.28.2']);
  expect(specs(LOCK, ['win32-arm64'], true)).toEqual([...COMMON, 'vitest@4.1.12']);
});

it('calls an archive as npm does', () => {
  const files = neededTarballs(LOCK, ['linux-x64'], false).map(({ file }) => file);
  expect(files).toEqual(['express-5.3.0.tgz', 'node-rs-argon2-2.2.1.tgz', 'ms-2.0.0.tgz']);
});

it('has a name of its own for every archive of the workshop', async () => {
  const { default: lock } = await import('../../package-lock.json', { with: { type: 'json' } });
  const files = neededTarballs(lock as unknown as LockFile, PLATFORMS, true).map(({ file }) => file);
  expect(files.length).toBeGreaterThan(300);
  expect(new Set(files).size).toBe(files.length);
});

it('points the lock file at what is in the kit, and leaves the rest and every checksum as it was', () => {
  const { packages } = pointedAt(LOCK, neededTarballs(LOCK, ['linux-x64'], false), 'kit/packages');
  expect(packages['node_modules/express']).toEqual({
    ...LOCK.packages['node_modules/express'],
    resolved: 'file:kit/packages/express-5.3.0.tgz',
  });
  for (const at of ['send', 'debug']) {
    expect(packages[`node_modules/${at}/node_modules/ms`]?.resolved).toBe('file:kit/packages/ms-2.0.0.tgz');
  }
  for (const path of ['', 'node_modules/vitest', 'node_modules/@esbuild/win32-x64']) {
    expect(packages[path]).toEqual(LOCK.packages[path]);
  }
});

it.each([
  ['no restriction', {}, true],
  ['this system', { os: ['linux'] }, true],
  ['another system', { os: ['darwin'] }, false],
  ['another processor', { os: ['linux'], cpu: ['arm64'] }, false],
  ['all but another', { os: ['!win32'] }, true],
  ['all but this one', { os: ['!linux'] }, false],
  ['WebAssembly', { cpu: ['wasm32'] }, false],
])('a package for %s', (_, restricted, expected) => {
  expect(isFor(restricted, ['linux-x64'])).toBe(expected);
});

it('is for all platforms unless some are named, and names the one it does not know', () => {
  expect(readPlatforms(undefined)).toEqual(PLATFORMS);
  expect(readPlatforms('win32-x64, linux-x64')).toEqual(['linux-x64', 'win32-x64']);
  expect(() => readPlatforms('windows')).toThrow(UsageError);
  expect(() => readPlatforms('windows')).toThrow(
    /^"windows" is no platform of a kit\. It can be for linux-x64, /,
  );
});
