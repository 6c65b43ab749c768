import type { Request, RequestHandler } from 'express';

/** Lets a user pass who is logged in, and sends everybody else to the login page. */
export const requireLogin: RequestHandler = (req, res, next) => {
  if (req.session.isLoggedIn && req.session.userId) next();
  else res.redirect(303, '/login');
};

/** Whose session this is, behind requireLogin. */
export function userIdOf(req: Request): string {
  const { userId } = req.session;
  if (!userId) throw new Error('A route that needs a user is not behind requireLogin.');
  return userId;
}
