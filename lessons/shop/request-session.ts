import type { Request } from 'express';

/** The session of a request. The types promise one, but there is none before session() and after destroy(). */
export function sessionOf(req: Request): Request['session'] | undefined {
  return req.session;
}

/** Removes the session from a request, so that express-session stores nothing when the response ends. */
export function forgetSession(req: Request): void {
  delete (req as Partial<Request>).session;
}
