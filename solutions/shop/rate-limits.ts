import type { RequestHandler } from 'express';
import { type Options, rateLimit } from 'express-rate-limit';
import { asEmail } from './users.ts';

const WINDOW = 15 * 60 * 1000;
/** The limit of wrong passwords for an account within the window … */
const PER_ACCOUNT = 10;
/** … and for an address, with any account. Many people may share an address: in an office, in a school. */
const PER_ADDRESS = 100;

/** Counts only refused logins: neither those that succeed nor those that fail because the database is away. */
const WRONG_ONES: Partial<Options> = {
  skipSuccessfulRequests: true,
  requestWasSuccessful: (_req, { statusCode }) => statusCode < 400 || statusCode >= 500,
};

const MINUTES = WINDOW / 60_000;

/**
 * Limits on guessing. They count in this process's memory: two instances allow twice as much, and a restart resets them.
 * For several instances, express-rate-limit has other stores, one of them on MongoDB.
 */
export function rateLimits(): { logIn: RequestHandler[]; signUp: RequestHandler } {
  return {
    // The address first, so that one address cannot lock many accounts.
    logIn: [
      limit('login', { ...WRONG_ONES, limit: PER_ADDRESS }),
      limit('login', {
        ...WRONG_ONES,
        limit: PER_ACCOUNT,
        keyGenerator: (req) => asEmail(req.body?.email),
      }),
    ],
    signUp: limit('signup', { limit: PER_ADDRESS }),
  };
}

function limit(view: string, options: Partial<Options>): RequestHandler {
  return rateLimit({
    windowMs: WINDOW,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    // It would report an unconfigured proxy on every request, outside our log.
    validate: { xForwardedForHeader: false },
    handler: (req, res) => {
      res.status(429).render(view, {
        email: asEmail(req.body?.email),
        problem: `Too many attempts. Please wait ${MINUTES} minutes, then try again.`,
      });
    },
    ...options,
  });
}
