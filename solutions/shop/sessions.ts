import type { Request, RequestHandler } from 'express';
import session, { type Store } from 'express-session';
import type { ShopConfig } from '#shop/config.ts';

/** A session ends when its shopper was not seen for this long, in milliseconds … */
const IDLE_LIMIT = 30 * 60 * 1000;
/** … and a login ends after this long, however much its shopper does. */
const ABSOLUTE_LIMIT = 8 * 60 * 60 * 1000;

/** The session cookie's name and attributes: what sets it and what clears it must agree. */
export function sessionCookie({ behindProxy = false }: ShopConfig) {
  return {
    // A browser takes __Host- only with Secure, Path=/ and without Domain: no neighbour on another host can set it.
    name: behindProxy ? '__Host-session' : 'session',
    attributes: { path: '/', httpOnly: true, sameSite: 'lax', secure: behindProxy },
  } as const;
}

/** express-session on the store, and the limits of a session's life. */
export function sessions(config: ShopConfig, store: Store): RequestHandler[] {
  const { name, attributes } = sessionCookie(config);
  return [
    session({
      name,
      // The first one signs, the others are still accepted: so a secret is changed without logging anybody out.
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

/** Cookie and document both take their end from here, so neither goes beyond the absolute limit. */
const keepLimits: RequestHandler = (req, _res, next) => {
  const { loggedInAt = Date.now() } = req.session;
  req.session.cookie.maxAge = Math.min(IDLE_LIMIT, loggedInAt + ABSOLUTE_LIMIT - Date.now());
  next();
};

/** Whether anything is kept about this visitor. Also true after express-session found no session to give. */
export function hasSession({ session: current }: Request): boolean {
  return Object.keys(current ?? {}).some((key) => key !== 'cookie');
}
