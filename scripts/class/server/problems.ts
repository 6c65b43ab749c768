import type { ErrorRequestHandler, RequestHandler } from 'express';
import { MongoError } from 'mongodb';
import { StoreFailed } from './session-store.ts';

interface Problem {
  readonly title: string;
  readonly message: string;
}

const NOT_FOUND: Problem = { title: 'Nothing here', message: 'The class has no page at this address.' };
const OTHER_REQUEST: Problem = {
  title: 'That did not make sense',
  message: 'The class could not read this request. Please go back and try again.',
};
const BROKEN: Problem = { title: 'Something broke', message: 'Please try again in a moment.' };
const PROBLEMS: Readonly<Record<number, Problem>> = {
  403: {
    title: 'This page was out of date',
    message: 'Nothing was changed. Open the page again, and repeat what you did.',
  },
  413: { title: 'That is too much', message: 'Nothing was changed.' },
  503: {
    title: 'The class cannot reach its database',
    message: 'What learners report meanwhile waits on their machines. Please try again in a moment.',
  },
};

/** Whether MongoDB failed, directly or through the session store. */
export function isDatabaseAway(error: unknown): boolean {
  return error instanceof MongoError || error instanceof StoreFailed;
}

export const notFoundPage: RequestHandler = (_req, res) => {
  res.status(404).render('problem', NOT_FOUND);
};

/** The page for errors. It stands last. Its words are ours: an error's own message is not shown. */
export const errorPage: ErrorRequestHandler = (error, req, res, _next) => {
  const { status: given } = (error ?? {}) as { status?: unknown };
  const status = isDatabaseAway(error) ? 503 : typeof given === 'number' && given >= 400 ? given : 500;
  if (res.headersSent) {
    if (!res.writableEnded) res.destroy();
    return;
  }
  // A failed request's session is not stored when the page ends.
  if (status >= 500) delete (req as { session?: unknown }).session;
  if (status === 503) res.set('Retry-After', '5');
  if (status === 413) res.set('Connection', 'close');
  const problem = PROBLEMS[status] ?? (status < 500 ? OTHER_REQUEST : BROKEN);
  res.status(status).render('problem', problem);
};
