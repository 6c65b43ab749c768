import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';

/** The likely mistake when a process keeps its own copy of a session. */
export const KEEPS_A_COPY =
  'A process kept what it knew of the session for itself, and another one changed it. What one process remembers, the others do not know: only the store is shared.';

const STICKY =
  'tries to keep each shopper on one instance. Sticky sessions only hide the trouble: this balancer does not look at cookies, and with an instance all of its shoppers are gone. Give all instances the same store instead.';

/** Why another instance did not know a shopper, or not all of them. @param products what is in their cart */
export async function likelyLost(
  stage: Stage,
  shopper: Shopper,
  { status }: Exchange,
  products: readonly string[] = [],
): Promise<string> {
  const sticky = stickyCookie(stage);
  if (sticky) return `The answer sets a cookie of its own, ${sticky}, that names an instance: it ${STICKY}`;
  if (status >= 500) return 'One instance answered, and broke down over a session that another one had made.';
  const names = await sessionNames(stage, shopper);
  if (names.length > 1)
    return `Each instance looks for the session in a cookie of another name: ${names.join(', ')}. All need the same name.`;
  const id = shopper.sessionId();
  const document = id ? await stage.mongo.session(id) : null;
  if (!id || !document) {
    return 'The session is not in MongoDB. Each instance keeps its own in its own memory, so the next one has never heard of this shopper. Give session() the store.';
  }
  if (shopper.sessionId(stage.config.sessionSecret) !== id) {
    return 'The session is in MongoDB, and its cookie is good on one instance only: each signs with a secret of its own. All need the same: config.sessionSecret.';
  }
  const stored = JSON.stringify(document.session);
  const missing = products.filter((product) => !stored.includes(`"${product}"`)).join(', ');
  if (missing || !document.session.isLoggedIn)
    return `The session is in MongoDB, and it does not say ${missing ? `that there is ${missing} in the cart` : 'isLoggedIn'}: what an instance does not store, no other one can know.`;
  return KEEPS_A_COPY;
}

/** The name of a cookie that is not the session's and has the name or the port of an instance in it. */
function stickyCookie({ seen }: Stage): string | undefined {
  const cookies = seen.flatMap(({ exchange }) => exchange.cookies);
  return cookies.find(({ name, value }) => !value.startsWith('s:') && isPlace(name, value))?.name;
}

/** Whether a cookie names an instance, as 'A' or a port, or has a name that balancers use. */
function isPlace(name: string, value: string): boolean {
  return (
    /^(?:[A-Z]|\d{4,5})$/.test(value) || (value !== '' && /^(?:SERVERID|ROUTEID|JSESSIONID)$/i.test(name))
  );
}

/** The names of the instances' session cookies. An instance that was killed named the cookie that the shopper has. */
async function sessionNames({ seen }: Stage, shopper: Shopper): Promise<string[]> {
  const shops = [...new Set(seen.map(({ shop }) => shop))];
  const facts = await Promise.all(shops.map((shop) => shop.sessionFacts?.()));
  const names = facts.flatMap((each) => each?.calls ?? []).map(({ name = 'connect.sid' }) => name);
  const carried = shopper.sessionCookie()?.name;
  return [...new Set([...(carried ? [carried] : []), ...names])];
}
