import type { Request, RequestHandler } from 'express';

/** Sends visitors without a login to the login page. */
export const requireLogin: RequestHandler = (req, res, next) => {
  if (req.session.isLoggedIn && req.session.userId) next();
  else res.redirect(303, '/login');
};

/** The user of this session. Use it after requireLogin. */
export function userIdOf(req: Request): string {
  const { userId } = req.session;
  if (!userId) throw new Error('A route that needs a user is not behind requireLogin.');
  return userId;
}
