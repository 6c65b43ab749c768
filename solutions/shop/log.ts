import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { type Logger, pino } from 'pino';
import type { NameSession } from './session-name.ts';
import { hasSession } from './sessions.ts';

/** The shop's log: lines of JSON on stdout, where the operator collects them. */
export function openLog(): Logger {
  return pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime });
}

/**
 * One line for each request, after its answer: method, path, status, duration, and the names of
 * request, session and user. Never: query, body, cookies, the session's ID, email, password.
 */
export function logRequests(log: Logger, nameOf: NameSession): RequestHandler {
  return (req, res, next) => {
    const began = performance.now();
    const id = randomUUID();
    req.log = log.child({ request: id });
    res.set('X-Request-Id', id);
    res.once('close', () => {
      req.log.info({
        method: req.method,
        path: req.originalUrl.split('?')[0],
        status: res.statusCode,
        ms: Math.round(performance.now() - began),
        // The connection ended before the answer did: by the browser, or the network.
        ...(res.writableFinished ? {} : { aborted: true }),
        ...(hasSession(req) ? { session: nameOf(req.sessionID), user: req.session.userId } : {}),
      });
    });
    next();
  };
}

/**
 * An error for the log: its kind, its code, and where it was thrown. Its message is left out, because
 * messages of libraries may quote data: those of a session store quote whole sessions.
 */
export function withoutItsWords(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { kind: typeof error };
  const { name, message, code, stack = '' } = error as Error & { code?: unknown };
  const frames = stack
    .replace(message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return {
    kind: name,
    ...(code === undefined ? {} : { code }),
    at: frames.slice(0, 5).map((line) => line.trim()),
  };
}
