import type { RequestHandler } from 'express';
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

  // A new ID before anything is granted: a stranger may know the old one.
  // TODO: the new session is empty, so a visitor who logs in loses the cart
  await regenerate(req);
  // req.session is another object now, and empty. Two flags are all that later requests need.
  req.session.isLoggedIn = true;
  req.session.userId = user.id;
  req.session.flash = `Welcome, ${user.name}.`;
  await save(req);
  res.redirect(303, '/account');
};

/** Ends the session. */
export const logOut: RequestHandler = async (req, res) => {
  await destroy(req);
  // destroy() tells the browser nothing. The cookie goes when its name and path are the same.
  res.clearCookie('connect.sid');
  res.redirect(303, '/');
};

/** Lets a user pass who is logged in, and sends everybody else to the login page. */
export const requireLogin: RequestHandler = (req, res, next) => {
  if (req.session.isLoggedIn) next();
  else res.redirect(303, '/login');
};
