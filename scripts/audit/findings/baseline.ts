import { Cookie } from 'tough-cookie';
import type { StoreCall } from '../app/control.ts';
import type { Exchange, Visitor } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import { NotTestable } from './finding.ts';

/** A normal login, which several checks use. */
export interface Baseline {
  readonly visitor: Visitor;
  readonly exchanges: readonly Exchange[];
  readonly calls: readonly StoreCall[];
}

const baselines = new WeakMap<AuditContext, Promise<Baseline>>();

/** Logs in once, and remembers it. @throws {NotTestable} */
export function baseline(context: AuditContext): Promise<Baseline> {
  let made = baselines.get(context);
  if (!made) {
    made = logInOnce(context);
    baselines.set(context, made);
  }
  return made;
}

async function logInOnce(context: AuditContext): Promise<Baseline> {
  const visitor = context.visitor();
  const { calls } = await context.callsDuring(() => context.logIn(visitor));
  if ((await context.standing(visitor)) !== 'in')
    throw new NotTestable('a login that worked before does not any more');
  context.id(visitor);
  return { visitor, exchanges: visitor.history, calls };
}

/** A Set-Cookie of the session, with the exchange that it came with. */
export interface SetSession {
  readonly exchange: Exchange;
  readonly line: string;
  readonly cookie: Cookie;
}

/** The last Set-Cookie of the session, with a value, in these exchanges. */
export function sessionCookieIn(exchanges: readonly Exchange[], name: string): SetSession | undefined {
  const all = exchanges.flatMap((exchange) =>
    exchange.setCookies.flatMap((line) => {
      const cookie = Cookie.parse(line, { loose: true });
      return cookie?.key === name && cookie.value !== '' ? [{ exchange, line, cookie }] : [];
    }),
  );
  return all.at(-1);
}

/** The session cookie of a login, else of a visitor without one. @throws {NotTestable} when the app never gives one */
export async function anySessionCookie(context: AuditContext): Promise<SetSession> {
  const { logIn, pages, ownPages, answers } = context.way;
  const exchanges = logIn ? (await baseline(context)).exchanges : [];
  const seen = [...[...pages, ...ownPages].flatMap((page) => page.exchanges), ...answers];
  const found = sessionCookieIn(exchanges, context.cookieName) ?? sessionCookieIn(seen, context.cookieName);
  if (found) return found;
  // The cookie may come before the login, with its page.
  const stranger = context.visitor();
  for (const path of [logIn?.page, ...pages.slice(0, 3).map(({ asked }) => asked)]) {
    const first =
      path === undefined ? undefined : sessionCookieIn(await stranger.follow(path), context.cookieName);
    if (first) return first;
  }
  throw new NotTestable(
    logIn
      ? `no answer had a Set-Cookie named ${context.cookieName}`
      : `no page that was seen sets the cookie ${context.cookieName}, and no login was found; a flow file can say it (--flow)`,
  );
}
