import type { Request, Response } from 'express';
import type { SessionData } from 'express-session';
import { destroy, regenerate, save } from '#shop/session-promises.ts';
import { giveToken } from './csrf.ts';
import { describeBrowser } from './devices.ts';

/** Stores the session and then redirects, so that any instance that answers the next request finds it. */
export async function saveThenRedirect(req: Request, res: Response, path: string): Promise<void> {
  giveToken(req);
  await save(req);
  res.redirect(303, path);
}

/** Turns the visitor's session into a user's, with a new ID: a stranger may know the old one. */
export async function beginLogin(req: Request, userId: string): Promise<void> {
  // A visitor's cart is kept. A user's cart is not for the next user.
  const { cart, orderKey, packingNote }: Partial<SessionData> = req.session.isLoggedIn ? {} : req.session;
  await regenerate(req);
  Object.assign(req.session, {
    isLoggedIn: true,
    userId,
    loggedInAt: Date.now(),
    device: describeBrowser(req.get('User-Agent')),
    ...(cart && { cart, orderKey }),
    ...(packingNote && { packingNote }),
  });
}

/** Ends the session in the store. The cookie must be cleared separately. */
export function endSession(req: Request): Promise<void> {
  return destroy(req);
}
