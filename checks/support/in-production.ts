import type { Exchange } from '#grader/check/exchange.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';

// The shop behind a proxy, and what the check of lesson 10 says of it.

/** Why no session cookie came through the proxy. */
export async function likelyNoCookie(stage: Stage): Promise<string> {
  const [document] = await stage.mongo.sessions();
  if (!document) return 'No cookie came, and no document was stored. Is session() mounted above the routes?';
  return "The session is in MongoDB, and its cookie never left: it is to be Secure, and to Express this request came by plain http. TLS ended at the proxy, which says so in X-Forwarded-Proto. Express believes it with app.set('trust proxy', …).";
}

/** Why the shop believes something else of a request than what its proxy said. */
export function likelyBelief({ way }: Exchange): string {
  if (!way)
    return 'The footer does not say how the request came: shopViews(app, { showsWay: true }) makes it.';
  if (way.endsWith('192.0.2.66')) {
    return 'Mallory wrote 192.0.2.66 herself; the proxy has put her real address behind it. `true` believes the first one, whoever wrote it. There is one proxy: say 1, or name its address.';
  }
  return "Express does not believe the proxy: for it everybody comes from the proxy's address by plain http. app.set('trust proxy', 1) when config.behindProxy is set.";
}

const behindProxy = new WeakMap<Stage, RunningShop>();

/** The shop behind a TLS proxy: one process, for all steps that ask for it. */
export function shopBehindProxy(stage: Stage): RunningShop {
  const shop = behindProxy.get(stage) ?? stage.otherShop({ behindProxy: true });
  behindProxy.set(stage, shop);
  return shop;
}
