import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';

/** A cookie that tells a balancer, or another instance, where its shopper belongs. */
const STICKY = /SERVERID|sticky|affinity|belongs|ROUTEID/i;

/** What holds for a copy of a session that a process keeps for itself. */
export const KEEPS_A_COPY =
  'A process kept what it knew of the session for itself, and another one changed it. What one process remembers, the others do not know: only the store is shared.';

/** Why another instance did not know a shopper, or not all of them. */
export async function likelyLost(stage: Stage, shopper: Shopper, { status }: Exchange): Promise<string> {
  if (stage.says(STICKY)) {
    return 'The answer tries to keep each shopper on one instance. Sticky sessions only hide the trouble: this balancer does not look at cookies, and with an instance all of its shoppers are gone. Give all instances the same store instead.';
  }
  if (status >= 500) return 'One instance answered, and broke down over a session that another one had made.';
  const id = shopper.sessionId();
  if (!id || !(await stage.mongo.session(id))) {
    return 'The session is not in MongoDB. Each instance keeps its own in its own memory, so the next one has never heard of this shopper. Give session() the store.';
  }
  if (shopper.sessionId(stage.config.sessionSecret) !== id) {
    return 'The session is in MongoDB, and its cookie is good on one instance only: each signs with a secret of its own. All need the same: config.sessionSecret.';
  }
  if (stage.says(/(?:\bname:|cookieName).*(?:pid|instance|random|port)/i)) {
    return 'The session is in MongoDB, and each instance looks for it in a cookie of another name. All need the same name.';
  }
  return KEEPS_A_COPY;
}
