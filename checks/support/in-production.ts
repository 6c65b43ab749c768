import { must } from '#grader/check/check.ts';
import type { Exchange, ReceivedCookie } from '#grader/check/exchange.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';

// The shop of lesson 10 behind a proxy, and likely reasons for its failures.

/** Why no session cookie came through the proxy. */
export async function likelyNoCookie(stage: Stage): Promise<string> {
  const [document] = await stage.mongo.sessions();
  if (!document) return 'No cookie came, and no document was stored. Is session() mounted above the routes?';
  return "The session is in MongoDB, and its cookie never left: it is to be Secure, and to Express this request came by plain http. TLS ended at the proxy, which says so in X-Forwarded-Proto. Express believes it with app.set('trust proxy', …).";
}

/** Which flag a session cookie lacks behind the proxy. */
export function likelyCareless({ secure, httpOnly, sameSite }: ReceivedCookie): string {
  if (!secure)
    return 'Without Secure a browser sends this cookie by plain http too, where everybody on the way can read it. Behind the proxy it is secure: true.';
  if (!httpOnly) return 'HttpOnly keeps the cookie from scripts in the page. It is an option of the cookie.';
  return sameSite
    ? `SameSite=${sameSite} lets forms of other sites send this cookie along. Lax and Strict do not.`
    : 'SameSite=Lax keeps forms of other sites from sending this cookie along. It is an option of the cookie.';
}

/** Why the shop believes something about a request that differs from what its proxy said. */
export function likelyBelief({ way }: Exchange): string {
  if (!way)
    return 'The footer does not say how the request came: shopViews(app, { showsWay: true }) makes it.';
  if (way.endsWith('192.0.2.66')) {
    return 'Mallory wrote 192.0.2.66 herself; the proxy has put her real address behind it. `true` believes the first one, whoever wrote it. There is one proxy: say 1, or name its address.';
  }
  return "Express does not believe the proxy: for it everybody comes from the proxy's address by plain http. app.set('trust proxy', 1) when config.behindProxy is set.";
}

const behindProxy = new WeakMap<Stage, RunningShop>();

/** The shop behind a TLS proxy: one process, for all steps that need it. */
export function shopBehindProxy(stage: Stage): RunningShop {
  const shop = behindProxy.get(stage) ?? stage.otherShop({ behindProxy: true });
  behindProxy.set(stage, shop);
  return shop;
}

/** Fails unless a shop without a proxy sets a session cookie by plain http, and clears it at the logout. */
export async function mustServePlainHttp(
  stage: Stage,
  flags: readonly RegExp[],
  name: readonly RegExp[],
): Promise<void> {
  const ben = stage.shopper('Ben');
  const added = await ben.adds('mug');
  const { cookie } = (await stage.factsOf('POST /cart')) ?? {};
  const isSecure = cookie?.secure || added.dropped.some(({ rule }) => /in front of a name/.test(rule));
  must(ben.sessionCookie(), {
    after: added,
    ...(isSecure ? { decided: true } : {}),
    likely: !isSecure
      ? 'By plain http no session cookie came that a browser keeps.'
      : 'This shop has no proxy: config.behindProxy says so. By plain http express-session sends no Secure cookie, and a browser takes no __Host- cookie that is not Secure, so nobody has a session. Let both depend on behindProxy.',
    look: [...flags, ...name],
  });
  await ben.posts('/login', demoLogins.ada);
  const logout = await ben.posts('/logout');
  must(!ben.sessionCookie(), {
    after: logout,
    got: `${logout.got}\nand the browser still has the cookie`,
    likely:
      'By plain http the cookie has another name, or other flags, than behind the proxy, and logOut() clears the one that it knows. Give it those that session() has.',
    look: [/logOut\(/, ...name],
  });
}
