import type { ErrorRequestHandler, RequestHandler } from 'express';
import { MongoError } from 'mongodb';
import { forgetSession } from '#shop/request-session.ts';
import { withoutItsWords } from './log.ts';
import { SessionEnded } from './store.ts';

interface Problem {
  readonly title: string;
  readonly message: string;
}

const NOT_FOUND: Problem = {
  title: 'Nothing on this shelf',
  message: 'The shop has no page at this address. Everything it sells is on the first page.',
};
const OTHER_REQUEST: Problem = {
  title: 'That did not make sense',
  message: 'The shop could not read this request. Please go back and try again.',
};
const BROKEN: Problem = {
  title: 'Something broke behind the counter',
  message: 'It was not your fault. Please try again in a moment.',
};
const PROBLEMS: Readonly<Record<number, Problem>> = {
  401: {
    title: 'Your session has ended',
    message: 'It ended while the shop was at work. Please log in again, and look whether it was done.',
  },
  403: {
    title: 'This page was out of date',
    message: 'Nothing was changed. Open the page again, and repeat what you did.',
  },
  413: {
    title: 'That is too much for one cart',
    message: 'Nothing was changed. Please go back and make it shorter.',
  },
  503: {
    title: 'The shop cannot look into its books',
    message: 'Please try again in a moment. What was there before still is; what you just sent may not be.',
  },
};

/** The page for an unknown address. It stands after all routes. */
export const notFoundPage: RequestHandler = (_req, res) => {
  res.status(404).render('problem', NOT_FOUND);
};

/** The page for errors. It stands last. Its words are ours: an error's own message is not shown. */
export const errorPage: ErrorRequestHandler = (error, req, res, _next) => {
  const status = statusOf(error);
  if (status >= 500) req.log.error({ error: withoutItsWords(error) }, 'a request failed');
  if (res.headersSent) {
    // The answer has begun. It is complete when only its session could not be stored; otherwise it must break off.
    if (!res.writableEnded) res.destroy();
    return;
  }
  // Discards this request's changes instead of storing them when the page ends. A session that is gone gets no cookie.
  if (status >= 500 || error instanceof SessionEnded) forgetSession(req);
  if (status === 503) res.set('Retry-After', '5');
  const problem = PROBLEMS[status] ?? (status < 500 ? OTHER_REQUEST : BROKEN);
  res.status(status).render('problem', problem, (renderError, html) => {
    // If even this page cannot be rendered, its title is sent.
    res.send(renderError ? problem.title : html);
  });
};

/** The request's own mistakes have a status. What MongoDB could not do may work later (503). Others are the shop's mistakes (500). */
function statusOf(error: unknown): number {
  if (error instanceof MongoError) return 503;
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500;
}
