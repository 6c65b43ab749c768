import { expect, it, onTestFinished, vi } from 'vitest';
import { FINDING_IDS, type FindingId } from './findings/catalogue.ts';
import { audited, idsOf } from './fixtures/audited.ts';
import { finishedShop, type WorkshopApp } from './fixtures/workshop-app.ts';

// Each is a whole audit: processes that start, and a database that is away for seconds.
vi.setConfig({ testTimeout: 900_000 });

async function auditedApp(app: WorkshopApp, wanted: readonly FindingId[] = FINDING_IDS) {
  onTestFinished(() => app.remove());
  return audited(app.folder, { start: app.start, wanted });
}

it('the finished shop has nothing to mend', async () => {
  const result = await auditedApp(finishedShop());
  expect(result.findings.filter(({ verdict }) => verdict === 'mend')).toEqual([]);
  const tested: FindingId[] = [
    'login-new-id',
    'logout-session',
    'restart',
    'two-instances',
    'csrf',
    'outage-refused',
    'idle-end',
    'absolute-end',
  ];
  expect(idsOf(result, 'ok')).toEqual(expect.arrayContaining(tested));
});
