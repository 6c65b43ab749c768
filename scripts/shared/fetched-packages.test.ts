import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import own from '../../package-lock.json' with { type: 'json' };
import { ROOT } from './paths.ts';

interface Lock {
  readonly packages: Readonly<
    Record<string, { readonly integrity?: string; readonly dependencies?: Record<string, string> }>
  >;
}

// Each of them can be deleted.
const LOCKS = ['labs', 'audit']
  .map((part) => join(ROOT, 'scripts', part, 'packages', 'package-lock.json'))
  .filter((file) => existsSync(file));

describe.each(LOCKS)('%s', (file) => {
  const { '': set, ...packages } = (JSON.parse(readFileSync(file, 'utf8')) as Lock).packages;

  it('has the versions that the tests run with', () => {
    expect(own.packages[''].devDependencies).toMatchObject(set?.dependencies ?? { none: 'none' });
    const checksums = Object.values(own.packages).map((entry) => 'integrity' in entry && entry.integrity);
    expect(checksums).toEqual(
      expect.arrayContaining(Object.values(packages).map(({ integrity }) => integrity)),
    );
  });

  it('lets npm take nothing but what has its checksum, from whatever registry', () => {
    for (const entry of Object.values(packages)) {
      expect(entry).toMatchObject({ integrity: expect.stringMatching(/^sha512-/) });
      expect(entry).not.toHaveProperty('resolved');
    }
  });
});
