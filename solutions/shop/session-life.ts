import type { Request, Response } from 'express';
import type { SessionData } from 'express-session';
import { destroy, regenerate, save } from '#shop/session-promises.ts';
import { giveToken } from './csrf.ts';
import { browserInWords } from './devices.ts';

/** Stores the session, and then sends the browser on: whoever answers its next request finds what was stored. */
export async function saveThenRedirect(req: Request, res: Response, path: string): Promise<void> {
  giveToken(req);
  await save(req);
  res.redirect(303, path);
}

/** Makes the visitor's session a user's, under a new ID: a stranger may know the old one. */
export async function beginLogin(req: Request, userId: string): Promise<void> {
  // The cart of a visitor comes along. A cart that is a user's already is not for the next one.
  const { cart, orderKey, packingNote }: Partial<SessionData> = req.session.isLoggedIn ? {} : req.session;
  await regenerate(req);
  Object.assign(req.session, {
    isLoggedIn: true,
    userId,
    loggedInAt: Date.now(),
    device: browserInWords(req.get('User-Agent')),
    ...(cart && { cart, orderKey }),
    ...(packingNote && { packingNote }),
  });
}

/** Ends the session in the store. The cookie has to be cleared as well. */
export function endSession(req: Request): Promise<void> {
  return destroy(req);
}
