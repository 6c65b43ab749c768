import { expect, it } from 'vitest';
import own from '../../package-lock.json' with { type: 'json' };
import pinned from './packages/package-lock.json' with { type: 'json' };

const { '': audit, ...packages } = pinned.packages;

it('the audit fetches the versions that the tests run with', () => {
  expect(own.packages[''].devDependencies).toMatchObject(audit.dependencies);
  const checksums = Object.values(own.packages).map((entry) => 'integrity' in entry && entry.integrity);
  expect(checksums).toEqual(
    expect.arrayContaining(Object.values(packages).map(({ integrity }) => integrity)),
  );
});

it('npm takes nothing but what has the checksum in the lock file, from whatever registry', () => {
  for (const entry of Object.values(packages)) {
    expect(entry).toMatchObject({ integrity: expect.stringMatching(/^sha512-/) });
    expect(entry).not.toHaveProperty('resolved');
  }
});
