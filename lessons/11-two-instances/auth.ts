import type { CookieOptions, RequestHandler } from 'express';
import type { SessionData } from 'express-session';
import { destroy, regenerate, save } from '#shop/session-promises.ts';
import { authenticate } from '#shop/users.ts';

/** Makes a visitor's session a user's, when email and password match. */
export const logIn: RequestHandler = async (req, res) => {
  const { email, password } = req.body ?? {};
  const user = await authenticate(email, password);
  if (!user) {
    // The same words whichever was wrong: otherwise a stranger could ask the shop who its customers are.
    res.status(401).render('login', { email, problem: 'There is no account with this email and password.' });
    return;
  }

  // Cart and note of a visitor come along. Those that are a user's already are not for the next one.
  const { cart, packingNote }: Partial<SessionData> = req.session.isLoggedIn ? {} : req.session;

  // A new ID before anything is granted: a stranger may know the old one.
  await regenerate(req);
  // req.session is another object now, and empty. Two flags, and the moment that the absolute limit counts from.
  req.session.isLoggedIn = true;
  req.session.userId = user.id;
  req.session.loggedInAt = Date.now();
  req.session.flash = `Welcome, ${user.name}.`;
  if (cart) req.session.cart = cart;
  if (packingNote) req.session.packingNote = packingNote;
  await save(req);
  res.redirect(303, '/account');
};

/** Ends the session, and clears the cookie of that name. */
export function logOut(cookieName: string, cookieFlags: CookieOptions): RequestHandler {
  return async (req, res) => {
    await destroy(req);
    // destroy() tells the browser nothing. The cookie goes when it is cleared as it was set: name, path, flags.
    res.clearCookie(cookieName, cookieFlags);
    res.redirect(303, '/');
  };
}

/** Lets a user pass who is logged in, and sends everybody else to the login page. */
export const requireLogin: RequestHandler = (req, res, next) => {
  if (req.session.isLoggedIn) next();
  else res.redirect(303, '/login');
};
