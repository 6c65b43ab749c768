import { describe, expect, it, vi } from 'vitest';
import type { FindingId } from './findings/catalogue.ts';
import { FINDING_IDS } from './findings/catalogue.ts';
import { audited, fixture, idsOf } from './fixtures/audited.ts';

// Each is a whole audit: processes that start, and a database that is away for seconds.
vi.setConfig({ testTimeout: 900_000 });

const SLOW: FindingId[] = [
  'outage-refused',
  'outage-silent',
  'outage-recovery',
  'outage-start',
  'idle-end',
  'sliding-end',
  'absolute-end',
];
const QUICK = FINDING_IDS.filter((id) => !SLOW.includes(id));

/** The findings on the shop with one fault, and no others. For a fault with two findings, the second is advice. */
const FAULTS: Record<string, { mend?: FindingId[]; advise?: FindingId[]; wanted?: readonly FindingId[] }> = {
  'no-regenerate': { mend: ['login-new-id', 'login-old-id'] },
  'cookie-only-logout': { mend: ['logout-session'] },
  'script-cookie': { mend: ['cookie-http-only'] },
  'save-uninitialized': { mend: ['look-stores-nothing'] },
  resave: { mend: ['unchanged-write'] },
  'memory-store': { mend: ['store-kind', 'restart', 'kill', 'two-instances'] },
  'known-secret': { mend: ['secret-guessable', 'secret-source'] },
  'secret-each-start': { mend: ['restart', 'kill', 'two-instances'] },
  'whole-user': { mend: ['session-content'] },
  'prints-ids': { mend: ['output-secrets'] },
  'no-trust-proxy': { mend: ['behind-proxy'] },
  'never-secure': { mend: ['cookie-secure'], advise: ['cookie-prefix'] },
  'short-ids': { mend: ['id-entropy'] },
  'no-ttl': { mend: ['ttl-index'] },
  unsaved: { mend: ['outage-loss'] },
  'no-csrf': { mend: ['csrf'], advise: ['cookie-same-site'] },
  'cart-in-session': { advise: ['lost-update'] },
  cacheable: { advise: ['cache-headers'] },
  'no-timeouts': { mend: ['outage-refused', 'outage-silent'], wanted: SLOW.slice(0, 3) },
  'no-end': { advise: ['idle-end', 'absolute-end'], wanted: SLOW.slice(4) },
};

describe('a shop with one fault gets what belongs to it, and nothing else', () => {
  it.each(Object.entries(FAULTS))('%s', async (fault, { mend = [], advise = [], wanted = QUICK }) => {
    const result = await audited(fixture('shop'), { env: { FAULT: fault }, wanted });
    expect({ mend: idsOf(result, 'mend'), advise: idsOf(result, 'advise') }).toEqual({
      mend: inOrder(mend),
      advise: inOrder(advise),
    });
  });
});

it('the same shop without a fault gets nothing to mend and no advice, and nearly all is tested', async () => {
  const result = await audited(fixture('shop'));
  expect({ mend: idsOf(result, 'mend'), advise: idsOf(result, 'advise') }).toEqual({ mend: [], advise: [] });
  // It offers no logout on all devices, and has nothing in the session that two requests could change.
  expect(idsOf(result, 'not-tested')).toEqual(inOrder(['logout-everywhere', 'late-write', 'lost-update']));
});

it('a store with other field names has its TTL index found, and its sessions end by it', async () => {
  const wanted: FindingId[] = ['idle-end', 'ttl-index'];
  const result = await audited(fixture('foreign-fields'), { wanted });
  expect(idsOf(result, 'ok')).toEqual(wanted);
});

const inOrder = (ids: readonly FindingId[]) => FINDING_IDS.filter((id) => ids.includes(id));
