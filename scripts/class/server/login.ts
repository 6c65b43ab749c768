import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import session, { type Store } from 'express-session';

/** Browsers send a host's cookies to all of its ports. This name differs from the shop's. */
export const COOKIE = {
  name: 'class-session',
  attributes: { path: '/', httpOnly: true, sameSite: 'strict' },
} as const;

/** The instructor's session ends two hours after the last view of the dashboard, and after a day in any case. */
const IDLE_LIMIT_MS = 2 * 60 * 60 * 1000;
const ABSOLUTE_LIMIT_MS = 24 * 60 * 60 * 1000;

/** The instructor's session, stored in MongoDB, so that it survives a restart of the class. */
export function instructorSessions(secret: string, store: Store): RequestHandler[] {
  return [
    session({
      name: COOKIE.name,
      secret,
      resave: false,
      saveUninitialized: false,
      rolling: true,
      cookie: { ...COOKIE.attributes, maxAge: IDLE_LIMIT_MS },
      store,
    }),
    (req, _res, next) => {
      const { loggedInAt = Date.now() } = req.session;
      req.session.cookie.maxAge = Math.min(IDLE_LIMIT_MS, loggedInAt + ABSOLUTE_LIMIT_MS - Date.now());
      next();
    },
  ];
}

/** Whether somebody is logged in. It also works when express-session found no session. */
export function isLoggedIn(req: Request): boolean {
  return (req.session as Request['session'] | undefined)?.isLoggedIn === true;
}

/** Requires the instructor of this class. Another class in the same database has its own. */
export function requireInstructor(code: string): RequestHandler {
  return (req, res, next) => {
    if (isLoggedIn(req) && req.session.userId === code) next();
    else res.redirect(303, '/login');
  };
}

/** Whether it is the password. It takes equally long for every wrong one. */
export function isPassword(given: unknown, password: string): boolean {
  const [a, b] = [typeof given === 'string' ? given : '', password].map((each) =>
    createHash('sha256').update(each.normalize('NFKC')).digest(),
  ) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}

const LIMIT_WINDOW_MS = 15 * 60 * 1000;

/** Ten wrong passwords from one address block that address for 15 minutes. */
export function limitGuessing(): RequestHandler {
  return rateLimit({
    windowMs: LIMIT_WINDOW_MS,
    limit: 10,
    skipSuccessfulRequests: true,
    requestWasSuccessful: (_req, { statusCode }) => statusCode !== 401,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    validate: { xForwardedForHeader: false },
    handler: (_req, res) => {
      res.status(429).render('login', { problem: 'Too many wrong passwords. Please wait 15 minutes.' });
    },
  });
}
