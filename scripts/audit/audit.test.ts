import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it, vi } from 'vitest';
import { audited, fixture, idsOf } from './fixtures/audited.ts';

vi.setConfig({ testTimeout: 300_000 });

it('an app of a first tutorial: a fixed port, MemoryStore, and every default', async () => {
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
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith('workshop-audit-'))).toEqual([]);
});
