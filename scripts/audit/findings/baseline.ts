import { Cookie } from 'tough-cookie';
import type { StoreCall } from '../app/control.ts';
import type { Exchange, Visitor } from '../browse/visitor.ts';
import { NotTestable } from './finding.ts';
import type { Scene } from './scene.ts';

/** A login as it goes when nothing is wrong, which several checks look at. */
export interface Baseline {
  readonly visitor: Visitor;
  readonly exchanges: readonly Exchange[];
  readonly calls: readonly StoreCall[];
}

const baselines = new WeakMap<Scene, Promise<Baseline>>();

/** Logs in once, and remembers it. @throws {NotTestable} */
export function baseline(scene: Scene): Promise<Baseline> {
  let made = baselines.get(scene);
  if (!made) {
    made = logInOnce(scene);
    baselines.set(scene, made);
  }
  return made;
}

async function logInOnce(scene: Scene): Promise<Baseline> {
  const visitor = scene.visitor();
  const { calls } = await scene.callsDuring(() => scene.logIn(visitor));
  if ((await scene.standing(visitor)) !== 'in')
    throw new NotTestable('a login that worked before does not any more');
  scene.id(visitor);
  return { visitor, exchanges: visitor.history, calls };
}

/** A Set-Cookie of the session, with the exchange that it came with. */
export interface SetSession {
  readonly exchange: Exchange;
  readonly line: string;
  readonly cookie: Cookie;
}

/** The last Set-Cookie of the session in some exchanges that gives it a value. */
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
export async function anySessionCookie(scene: Scene): Promise<SetSession> {
  const { logIn, pages, ownPages } = scene.way;
  const exchanges = logIn ? (await baseline(scene)).exchanges : [];
  const seen = [...pages, ...ownPages].flatMap((page) => page.exchanges);
  const found = sessionCookieIn(exchanges, scene.cookieName) ?? sessionCookieIn(seen, scene.cookieName);
  if (found) return found;
  // A visitor of the login page may have got it before.
  const stranger = scene.visitor();
  for (const path of [logIn?.page, ...pages.slice(0, 3).map(({ asked }) => asked)]) {
    const first =
      path === undefined ? undefined : sessionCookieIn(await stranger.follow(path), scene.cookieName);
    if (first) return first;
  }
  throw new NotTestable(
    logIn
      ? `no answer had a Set-Cookie named ${scene.cookieName}`
      : `no page that was seen sets the cookie ${scene.cookieName}, and no login was found; a flow file can say it (--flow)`,
  );
}
