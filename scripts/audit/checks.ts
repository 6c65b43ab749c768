import { checkCaching } from './findings/cache.ts';
import type { FindingId } from './findings/catalogue.ts';
import { checkContents } from './findings/contents.ts';
import { checkCookie } from './findings/cookie.ts';
import { checkCosts, checkLooking } from './findings/cost.ts';
import { checkCsrf } from './findings/csrf.ts';
import type { Finding } from './findings/finding.ts';
import { checkIdEntropy } from './findings/id-entropy.ts';
import { checkLogin } from './findings/login.ts';
import { checkEverywhere, checkLogout } from './findings/logout.ts';
import { checkLoss, checkOutage, checkStart } from './findings/outage.ts';
import { checkOutput } from './findings/output.ts';
import { checkProduction } from './findings/production.ts';
import { checkLateWrite, checkLostUpdate } from './findings/race.ts';
import { checkRestart, checkTwoInstances } from './findings/restart.ts';
import type { Scene } from './findings/scene.ts';
import { checkSecret } from './findings/secret.ts';
import { checkStore } from './findings/store.ts';
import { checkTime } from './findings/time.ts';

/** A part of the audit: the findings it makes, and how. */
export interface Check {
  readonly ids: readonly FindingId[];
  /** @param left what is left of the budget, in milliseconds */
  readonly run: (scene: Scene, left: number) => Promise<Finding[]>;
  /** It takes no time of its own. */
  readonly atOnce?: boolean;
}

/** In the order they are run: those that leave the app as it was come first, those that end it or move its clock last. */
export const CHECKS: readonly Check[] = [
  { ids: ['look-stores-nothing'], run: checkLooking },
  { ids: ['cookie-http-only', 'cookie-same-site', 'cookie-name'], run: checkCookie },
  { ids: ['secret-guessable', 'secret-source'], run: checkSecret },
  { ids: ['session-content', 'session-size'], run: checkContents },
  { ids: ['login-new-id', 'login-old-id'], run: checkLogin },
  { ids: ['logout-session', 'logout-cookie', 'logout-method'], run: checkLogout },
  { ids: ['logout-everywhere'], run: checkEverywhere },
  { ids: ['unchanged-write', 'static-cost', 'page-cost'], run: checkCosts },
  { ids: ['store-kind', 'ttl-index'], run: checkStore },
  { ids: ['cache-headers'], run: checkCaching },
  { ids: ['csrf'], run: checkCsrf },
  { ids: ['late-write'], run: checkLateWrite },
  { ids: ['lost-update'], run: checkLostUpdate },
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
