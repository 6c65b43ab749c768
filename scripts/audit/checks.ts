import type { AuditContext } from './findings/audit-context.ts';
import { checkCaching } from './findings/cache.ts';
import type { FindingId } from './findings/catalogue.ts';
import { checkContents } from './findings/contents.ts';
import { checkCookie } from './findings/cookie.ts';
import { checkCosts } from './findings/cost.ts';
import { checkCsrf } from './findings/csrf.ts';
import type { Finding } from './findings/finding.ts';
import { checkIdEntropy } from './findings/id-entropy.ts';
import { checkLogin } from './findings/login.ts';
import { checkEverywhere, checkLogout } from './findings/logout.ts';
import { checkLooking } from './findings/look.ts';
import { checkLoss, checkOutage } from './findings/outage.ts';
import { checkStart } from './findings/outage-start.ts';
import { checkOutput } from './findings/output.ts';
import { checkPages } from './findings/pages.ts';
import { checkProduction } from './findings/production.ts';
import { checkLateWrite, checkLostUpdate } from './findings/race.ts';
import { checkRestart, checkTwoInstances } from './findings/restart.ts';
import { checkSecret } from './findings/secret.ts';
import { checkStore } from './findings/store.ts';
import { checkTime } from './findings/time.ts';

/** A part of the audit: its findings, and the function that makes them. */
export interface Check {
  readonly ids: readonly FindingId[];
  /** @param left the rest of the budget, in milliseconds */
  readonly run: (context: AuditContext, left: number) => Promise<Finding[]>;
  /** Whether it takes no time, and runs after the budget too. */
  readonly atOnce?: boolean;
}

/** In the order of the run: first those that do not change the app's state, last those that end it or move its clock. */
export const CHECKS: readonly Check[] = [
  { ids: ['look-stores-nothing'], run: checkLooking },
  { ids: ['cookie-http-only', 'cookie-same-site', 'cookie-name'], run: checkCookie },
  { ids: ['secret-guessable', 'secret-source'], run: checkSecret },
  { ids: ['session-content', 'session-size'], run: checkContents },
  { ids: ['page-secrets'], run: checkPages },
  { ids: ['login-new-id', 'login-old-id'], run: checkLogin },
  { ids: ['logout-session', 'logout-cookie', 'logout-method'], run: checkLogout },
  { ids: ['unchanged-write', 'static-cost', 'page-cost'], run: checkCosts },
  { ids: ['store-kind', 'ttl-index'], run: checkStore },
  { ids: ['cache-headers'], run: checkCaching },
  { ids: ['csrf'], run: checkCsrf },
  { ids: ['late-write'], run: checkLateWrite },
  { ids: ['lost-update'], run: checkLostUpdate },
  // It ends the sessions that earlier checks use.
  { ids: ['logout-everywhere'], run: checkEverywhere },
  { ids: ['id-entropy'], run: checkIdEntropy },
  { ids: ['cookie-secure', 'cookie-prefix', 'behind-proxy'], run: checkProduction },
  { ids: ['restart', 'kill'], run: checkRestart },
  { ids: ['two-instances'], run: checkTwoInstances },
  { ids: ['outage-loss'], run: checkLoss },
  { ids: ['outage-refused', 'outage-silent', 'outage-recovery'], run: checkOutage },
  { ids: ['idle-end', 'sliding-end', 'absolute-end'], run: checkTime },
  { ids: ['outage-start'], run: checkStart },
  { ids: ['output-secrets'], run: checkOutput, atOnce: true },
];
