import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { removeSync } from '../setup/files.mjs';
import { audited, fixture, idsOf } from './fixtures/audited.ts';

it('an app of a first tutorial: a fixed port, MemoryStore, and every default', async () => {
  // A separate folder: other audits may run on this machine.
  const place = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, place);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    removeSync(place);
  });
  const result = await audited(fixture('memory'));
  expect(result.way).toMatchObject({
    signUp: 'POST /register (form: username, password)',
    logIn: 'POST /login (form: username, password)',
    logOut: 'GET /logout',
    private: '/account',
  });
  expect(idsOf(result, 'mend')).toEqual([
    'cookie-secure',
    'secret-guessable',
    'secret-source',
    'login-new-id',
    'login-old-id',
    'idle-end',
    'look-stores-nothing',
    'unchanged-write',
    'store-kind',
    'session-content',
    'restart',
    'kill',
    'two-instances',
  ]);
  expect(readdirSync(place).filter((name) => name.startsWith('workshop-audit-'))).toEqual([]);
});
