import type { NextFunction, Request, Response } from 'express';
import { sessionOf } from './request-session.ts';

/**
 * Saves the session, and only then sends the browser on.
 *
 * Left alone, express-session saves when the response ends. By then a browser may have read the redirect
 * and asked for the next page, and whoever answers that request may look into the store before the write
 * has arrived: the shopper's change seems lost. Lesson 8 shows it happening.
 *
 * 303 See Other makes the browser follow with a GET, so reloading the next page sends no form again.
 */
export function saveThenRedirect(req: Request, res: Response, next: NextFunction, path: string): void {
  const session = sessionOf(req);
  if (!session) {
    res.redirect(303, path);
    return;
  }
  session.save((err) => {
    if (err) next(err);
    else res.redirect(303, path);
  });
}
