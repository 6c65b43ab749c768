import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { cartTotalInCents } from './cart.ts';
import { formatPrice } from './catalogue.ts';
import { forgetSession } from './request-session.ts';
import { demoLogins } from './users.ts';
import { describeVisit } from './visit.ts';

// The time when this module is loaded, which is when the shop opens.
const startedAt = new Date();

/**
 * Templates, stylesheet and pictures. It comes before session() in every lesson: a stylesheet needs no
 * session, so these requests should not cost a store access.
 * @param hasLogin whether the header offers a login: from lesson 7 on it works
 * @param showsWay whether the footer shows protocol and address of the request as the shop believes them: lesson 10 is about that
 * @param instance the name of the instance, for the footer: from lesson 11 on there are several
 */
export function shopViews(app: Express, { hasLogin = false, showsWay = false, instance = '' } = {}): void {
  app.set('view engine', 'ejs');
  app.set('views', join(import.meta.dirname, 'views'));
  // Compiles a template once, not for each page, as Express does in production.
  app.enable('view cache');

  // The footer names the process, so that a restart is visible.
  Object.assign(app.locals, {
    formatPrice,
    cartTotalInCents,
    hasLogin,
    showsWay,
    instance,
    demoLogins,
    pid: process.pid,
    startedAt: startedAt.toTimeString().slice(0, 8),
  });

  // "no-cache" lets the browser keep a file, but it asks each time whether the file has changed.
  const setHeaders = (res: express.Response) => res.set('Cache-Control', 'no-cache');
  app.use(express.static(join(import.meta.dirname, 'public'), { cacheControl: false, setHeaders }));
}

/** The visitor's data for every page. It reads the session and never writes to it. */
export const shopHeader: RequestHandler = (req, res, next) => {
  // A function, because the template calls it while the page is rendered: it includes what a route puts into
  // the session after this line.
  res.locals.visit = () => describeVisit(req);
  // Every page shows one visitor's cart. No cache may keep it, nor show it again after "Back".
  res.set('Cache-Control', 'no-store');
  next();
};

/** The page for an unknown address. It stands after all routes. */
export const notFoundPage: RequestHandler = (req, res) => {
  res.locals.visit ??= () => describeVisit(req);
  res.status(404).render('problem', {
    title: 'Nothing on this shelf',
    message: 'The shop has no page at this address. Everything it sells is on the first page.',
  });
};

/** The shopper's words for an error. */
interface Problem {
  readonly title: string;
  readonly message: string;
}

const UNREADABLE: Problem = {
  title: 'That did not make sense',
  message: 'The shop could not read this request. Please go back and try again.',
};
const BROKEN: Problem = {
  title: 'Something broke behind the counter',
  message: 'It was not your fault. Please try again in a moment.',
};
/** Words by status, when there is more to say. */
const PROBLEMS: Readonly<Record<number, Problem>> = {
  413: {
    title: 'That is more than the shop can keep',
    message: 'Nothing of it was stored, and all that you had before is still there. Please make it shorter.',
  },
  503: {
    title: 'The shop cannot reach its memory',
    message:
      'Please try again in a moment. What you did last may not have been kept: look before you do it again.',
  },
};

/**
 * The page for errors. It stands last and has four parameters, by which Express recognises an error
 * handler. The developer gets the error on stderr; the shopper gets plain words and never a stack trace,
 * which would show a stranger how the shop is built.
 */
export const errorPage: ErrorRequestHandler = (err, req, res, next) => {
  console.error(err);
  if (res.headersSent) {
    // After the headers are sent, an error can only cut off a page that is not complete.
    if (!res.writableEnded) next(err);
    return;
  }

  // Express and its parsers put a 4xx status on an error that the request caused.
  const isRequestsFault = err?.status >= 400 && err?.status < 500;
  const status = isRequestsFault || err?.status === 503 ? err.status : 500;
  const problem = PROBLEMS[status] ?? (isRequestsFault ? UNREADABLE : BROKEN);
  if (status === 503) {
    res.set('Retry-After', '5');
    // The header must not show changes that may not be stored.
    forgetSession(req);
  }

  res.locals.visit ??= () => describeVisit(req);
  res.status(status).render('problem', problem, (renderError, html) => {
    // If even this page cannot be rendered, plain text is sent.
    if (renderError) console.error(renderError);
    // A failed request stores nothing more. Otherwise express-session would save the session when the response
    // ends, after the shopper was told that it was not saved.
    forgetSession(req);
    res.send(renderError ? problem.title : html);
  });
};
