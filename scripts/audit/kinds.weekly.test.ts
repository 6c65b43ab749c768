import { describe, expect, it, vi } from 'vitest';
import { findServer } from '../redis/server.ts';
import type { FindingId } from './findings/catalogue.ts';
import type { Verdict } from './findings/finding.ts';
import { audited, fixture } from './fixtures/audited.ts';

// Each is an audit of one app, with a session set-up that the audit must understand.
vi.setConfig({ testTimeout: 900_000 });

type Expected = Partial<Record<FindingId, Verdict>>;

/** The findings on any store in the audit’s own databases. */
const KEPT_WELL: Expected = {
  'session-content': 'ok',
  'login-new-id': 'ok',
  'logout-session': 'ok',
  'unchanged-write': 'ok',
  'store-kind': 'ok',
  'ttl-index': 'ok',
  restart: 'ok',
  'idle-end': 'ok',
  'sliding-end': 'ok',
};
// It answers before the session is saved.
const IN_MONGO: Expected = { ...KEPT_WELL, 'outage-loss': 'mend' };
/** The login is in another cookie: only the findings on the session’s cookie and store remain. */
const NOT_IN_SESSION: Expected = {
  'cookie-http-only': 'ok',
  'login-new-id': 'not-tested',
  'login-old-id': 'not-tested',
  'logout-session': 'not-tested',
  restart: 'not-tested',
  'idle-end': 'not-tested',
};

const KINDS: Record<string, Expected> = {
  transformed: IN_MONGO,
  serialized: IN_MONGO,
  encrypted: IN_MONGO,
  rotated: { 'secret-guessable': 'ok', 'cookie-name': 'ok', 'logout-cookie': 'ok', 'logout-session': 'mend' },
  'old-word': { 'secret-guessable': 'mend', 'secret-source': 'mend' },
  unsigned: { 'secret-guessable': 'mend', 'secret-source': 'not-tested' },
  emptied: { 'logout-cookie': 'ok', 'logout-session': 'mend' },
  fallback: { 'secret-guessable': 'ok', 'secret-source': 'advise' },
  commented: { 'secret-guessable': 'ok', 'secret-source': 'mend' },
  'own-name': { 'secret-guessable': 'mend', 'secret-source': 'mend' },
  deletes: { 'logout-session': 'ok', csrf: 'ok' },
  'not-rolling': { 'sliding-end': 'advise', 'absolute-end': 'advise' },
  'always-secure': { 'cookie-secure': 'ok', 'login-new-id': 'ok', 'logout-session': 'ok' },
  'page-ends': { 'login-new-id': 'ok', 'logout-session': 'ok' },
  token: NOT_IN_SESSION,
  'any-password': { 'login-new-id': 'ok', 'logout-session': 'ok', restart: 'ok' },
  'prints-hash': { 'login-new-id': 'ok', 'output-secrets': 'mend', 'page-secrets': 'ok' },
  'cross-site': { 'cookie-same-site': 'mend', 'login-new-id': 'ok', 'logout-session': 'ok' },
  'live-lax': { 'cookie-same-site': 'ok' },
  'signs-up-once': { 'cookie-secure': 'mend', 'login-new-id': 'ok' },
  'form-fails': { csrf: 'advise' },
  'shows-id': { 'page-secrets': 'mend' },
  'shows-hash': { 'page-secrets': 'mend' },
  'front-end': { 'login-new-id': 'ok', 'logout-session': 'ok' },
};

async function verdictsOf(kind: string, expected: Expected): Promise<Expected> {
  const wanted = Object.keys(expected) as FindingId[];
  const { findings } = await audited(fixture('kinds'), { env: { KIND: kind }, wanted });
  return Object.fromEntries(findings.map(({ id, verdict }) => [id, verdict]));
}

it.each(Object.entries(KINDS))('%s', async (kind, expected) => {
  expect(await verdictsOf(kind, expected)).toEqual(expected);
});

it('an API without pages, with a token, and with its fields inside an object', async () => {
  const wanted: FindingId[] = ['login-new-id', 'logout-session', 'csrf'];
  const { findings, way } = await audited(fixture('api'), { wanted });
  expect(findings.map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok']);
  expect(way.private).toBe('/state');
});

it('an app is down when its own process is, whatever program started it', async () => {
  const options = { env: { KIND: 'write-ends' }, start: 'node starter.js' };
  const wanted: FindingId[] = ['outage-refused', 'outage-loss', 'idle-end'];
  const { findings } = await audited(fixture('kinds'), { ...options, wanted });
  expect(findings).toMatchObject([
    { id: 'idle-end', verdict: 'ok' },
    { id: 'outage-refused', seen: expect.not.stringContaining('connection was cut') },
    { verdict: 'mend', seen: expect.stringContaining('its process ended') },
  ]);
});

describe.skipIf(!(await findServer(process.env.PATH ?? '')))('connect-redis', () => {
  it('with a prefix', async () => {
    expect(await verdictsOf('redis', KEPT_WELL)).toEqual(KEPT_WELL);
  });

  it('whose records no look moves', async () => {
    const expected: Expected = { 'idle-end': 'ok', 'sliding-end': 'mend', 'absolute-end': 'ok' };
    expect(await verdictsOf('untouched', expected)).toEqual(expected);
  });
});
