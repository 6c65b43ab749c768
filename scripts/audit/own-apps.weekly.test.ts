import { expect, it, onTestFinished, vi } from 'vitest';
import { demoLogins } from '#shop/users.ts';
import type { AuditOptions } from './audit.ts';
import type { FindingId } from './findings/catalogue.ts';
import { audited, idsOf } from './fixtures/audited.ts';
import { finishedShop, lessonApp, type WorkshopApp } from './fixtures/workshop-app.ts';

// Each is a whole audit: processes that start, and a database that is away for seconds.
vi.setConfig({ testTimeout: 900_000 });

async function auditedApp(app: WorkshopApp, options: Partial<AuditOptions> = {}) {
  onTestFinished(() => app.remove());
  return audited(app.folder, { start: app.start, ...options });
}

it('the finished shop has nothing to mend', async () => {
  const result = await auditedApp(finishedShop());
  expect(result.findings.filter(({ verdict }) => verdict === 'mend')).toEqual([]);
  const tested: FindingId[] = [
    'login-new-id',
    'logout-session',
    'logout-everywhere',
    'restart',
    'two-instances',
    'csrf',
    'outage-refused',
    'idle-end',
    'absolute-end',
  ];
  expect(idsOf(result, 'ok')).toEqual(expect.arrayContaining(tested));
});

/** The findings on a login, a cookie and a change. */
const WANTED: FindingId[] = [
  'cookie-secure',
  'secret-source',
  'login-new-id',
  'login-old-id',
  'logout-session',
  'store-kind',
  'session-content',
  'csrf',
];

// These shops have users and no sign-up: without a flow no login can be found.
it.each([
  [7, ['cookie-secure', 'csrf'], []],
  [10, [], ['csrf']],
] as const)('the solution of lesson %i is told what later lessons add', async (number, toMend, advised) => {
  const account = { ...demoLogins.ada, username: demoLogins.ada.email };
  const options = { flow: { account }, wanted: WANTED };
  const result = await auditedApp(lessonApp(number, 'solution'), options);
  expect({ mend: idsOf(result, 'mend'), advise: idsOf(result, 'advise') }).toEqual({
    mend: toMend,
    advise: advised,
  });
});
