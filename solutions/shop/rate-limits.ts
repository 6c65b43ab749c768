import type { RequestHandler } from 'express';
import { type Options, rateLimit } from 'express-rate-limit';
import { asEmail } from './users.ts';

const WINDOW = 15 * 60 * 1000;
/** How often one may get the password of an account wrong within the window … */
const PER_ACCOUNT = 10;
/** … and how often from one address, whatever the account. Many may share an address: an office, a school. */
const PER_ADDRESS = 100;

/** Only what was refused counts: a login that was right does not, nor one while the database was away. */
const WRONG_ONES: Partial<Options> = {
  skipSuccessfulRequests: true,
  requestWasSuccessful: (_req, { statusCode }) => statusCode < 400 || statusCode >= 500,
};

const MINUTES = WINDOW / 60_000;

/**
 * Limits on guessing. They count in this process's memory: two instances allow twice as much, and a restart forgets.
 * For many instances express-rate-limit has stores of its own, one on MongoDB among them.
 */
export function rateLimits(): { logIn: RequestHandler[]; signUp: RequestHandler } {
  return {
    // By address first: one address cannot shut many accounts, one after the other.
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
    // It tells of a proxy that nobody configured, on every request, in lines that are not ours.
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
