import type { Request, RequestHandler } from 'express';
import session, { type Store } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

/** A session ends after this long without a request, in milliseconds … */
const IDLE_LIMIT = 30 * 60 * 1000;
/** … and a login ends after this long in any case, in milliseconds. */
const ABSOLUTE_LIMIT = 8 * 60 * 60 * 1000;

/** The session cookie's name and attributes, for setting and for clearing it. */
export function sessionCookie({ behindProxy = false }: ShopConfig) {
  return {
    // Browsers accept __Host- only with Secure, Path=/ and without Domain, so another host of the domain cannot set it.
    name: behindProxy ? '__Host-session' : 'session',
    attributes: { path: '/', httpOnly: true, sameSite: 'lax', secure: behindProxy },
  } as const;
}

/** express-session with the store, and the limits of a session's life. */
export function sessions(config: ShopConfig, store: Store): RequestHandler[] {
  const { name, attributes } = sessionCookie(config);
  return [
    session({
      name,
      // The first secret signs, the others are still accepted, so that changing the secret logs nobody out.
      secret: [config.sessionSecret, ...(config.previousSecrets ?? [])],
      resave: false,
      saveUninitialized: false,
      rolling: true,
      cookie: { ...attributes, maxAge: IDLE_LIMIT },
      store,
    }),
    keepLimits,
  ];
}

/** Sets the end of both cookie and document, so that neither exceeds the absolute limit. */
const keepLimits: RequestHandler = (req, _res, next) => {
  const { loggedInAt = Date.now() } = req.session;
  req.session.cookie.maxAge = Math.min(IDLE_LIMIT, loggedInAt + ABSOLUTE_LIMIT - Date.now());
  next();
};

/** Whether anything is stored for this visitor. It also works when express-session found no session. */
export function hasSession({ session: current }: Request): boolean {
  return Object.keys(current ?? {}).some((key) => key !== 'cookie');
}
