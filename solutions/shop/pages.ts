import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { cartCount, cartTotalInCents } from '#shop/cart.ts';
import { formatPrice } from '#shop/catalogue.ts';
import { markOf } from '#shop/visit.ts';
import type { NameSession } from './session-name.ts';
import { hasSession } from './sessions.ts';
import { PASSWORD_LENGTH } from './users.ts';

/** Stylesheet and pictures, shared by all shops of the workshop. */
const SHARED = dirname(createRequire(import.meta.url).resolve('#shop/public/shop.css'));
const dateAndTime = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'UTC',
});

/** Sets up templates and their shared data. */
export function setUpPages(app: Express): void {
  app.set('view engine', 'ejs');
  app.set('views', join(import.meta.dirname, 'views'));
  Object.assign(app.locals, {
    formatPrice,
    formatDate: (date: Date) => `${dateAndTime.format(date)} UTC`,
    cartTotalInCents,
    markOf,
    passwordLength: PASSWORD_LENGTH,
  });
}

/** Files that are the same for everybody. They come before the session, so they cost no store access. */
export const files: RequestHandler[] = [
  express.static(SHARED),
  express.static(join(import.meta.dirname, 'public')),
];

/** The visitor's data for every page. It reads the session and never writes to it. */
export function visitor(nameOf: NameSession): RequestHandler {
  return (req, res, next) => {
    // A function, because it is called while the page is rendered: it includes what a route puts into the session.
    res.locals.visitor = () => ({
      isLoggedIn: Boolean(req.session?.isLoggedIn),
      sessionName: hasSession(req) ? nameOf(req.sessionID) : '',
      cartCount: cartCount(req.session?.cart),
      csrf: req.session?.csrfToken ?? '',
    });
    // Every page shows one visitor's cart. No cache may keep it, nor show it again after "Back".
    res.set('Cache-Control', 'no-store');
    next();
  };
}

/** Renders a page with the visitor's waiting message. The message is deleted, so it is shown once. */
export function showPage(req: Request, res: Response, view: string, data: object = {}): void {
  const { flash } = req.session;
  delete req.session.flash;
  res.render(view, { ...data, flash });
}
