import type { NextFunction, Request, Response } from 'express';
import { sessionOf } from './request-session.ts';

/**
 * Saves the session and then redirects the browser.
 *
 * By itself, express-session saves when the response ends. By then a browser may have read the redirect
 * and requested the next page, and that request may read the store before the write
 * has arrived: the shopper's change seems lost. Lessons 7 and 8 show it.
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
