import express, { type ErrorRequestHandler, type Request, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { UsageError } from '../../shared/errors.ts';
import { formatCode, readCode } from '../join-code.ts';
import { readNickname } from '../nickname.ts';
import { Refusal } from '../refusal.ts';
import { readReport } from '../report.ts';
import { joinClass, learnerWith, remove } from './learners.ts';
import { isDatabaseAway } from './problems.ts';
import { takeReport } from './reports.ts';
import type { ClassContext } from './types.ts';

const LIMIT_WINDOW_MS = 15 * 60 * 1000;

/** The routes for learners' machines: JSON, a bearer token, no session. */
export function learnerRoutes({ code, records, lessons, own }: ClassContext): Router {
  const router = Router();
  const numbers = lessons.map(({ number }) => number);
  // Compressed bodies are refused: a small one could be large in memory.
  const json = express.json({ limit: '8kb', inflate: false });

  const thisClass = async () => {
    const found = await records.classes.findOne({ _id: code });
    if (!found) throw new Refusal(410, 'ended', 'This class is gone from its database.');
    return found;
  };

  router.post('/join', limitJoining(), json, async (req, res) => {
    const { code: typed, nickname, token } = req.body ?? {};
    if (readCode(typed) !== code) {
      const words = `That is not the code of this class. It is on the instructor's screen: six letters and digits, such as ${formatCode('BCD234')}.`;
      throw new Refusal(403, 'wrong-code', words);
    }
    if ((await thisClass()).endedAt)
      throw new Refusal(410, 'ended', 'This class has ended. Nobody can join it any more.');
    const given = typeof token === 'string' ? token : undefined;
    const shown = readNickname(nickname);
    res.json({ ok: true, class: code, nickname: shown, token: await joinClass(records, code, shown, given) });
  });

  router.post('/reports', json, async (req, res) => {
    const learner = await learnerWith(records, code, bearerOf(req));
    const report = readReport(req.body, numbers, own);
    await takeReport(records, await thisClass(), learner, report);
    res.json({ ok: true, report: report.id });
  });

  router.post('/leave', async (req, res) => {
    await remove(records, await learnerWith(records, code, bearerOf(req)));
    res.json({ ok: true });
  });

  router.use(['/join', '/reports', '/leave'], refusals);
  return router;
}

function bearerOf(req: Request): string {
  return /^Bearer (\S{1,200})$/.exec(req.get('Authorization') ?? '')?.[1] ?? '';
}

/** A whole room may share one address. 500 guesses find one of 28^6 codes with a probability of one in a million. */
function limitJoining() {
  return rateLimit({
    windowMs: LIMIT_WINDOW_MS,
    limit: 500,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    validate: { xForwardedForHeader: false },
    handler: (_req, _res, next) =>
      next(new Refusal(429, 'later', 'Too many have tried to join from this network. Wait 15 minutes.')),
  });
}

/** Answers a refusal as JSON. The message of an unexpected error is not sent. */
const refusals: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error);
  const { status, code, message } = refusalFor(error);
  // The rest of the request on this connection is not read.
  if (status === 413) res.set('Connection', 'close');
  if (status >= 500) res.set('Retry-After', '5');
  res.status(status).json({ ok: false, code, message });
};

function refusalFor(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof UsageError) return new Refusal(422, 'nickname', error.message);
  if (isDatabaseAway(error))
    return new Refusal(
      503,
      'later',
      'The class cannot reach its database. Nothing is lost: it takes this later.',
    );
  const { status } = (error ?? {}) as { status?: unknown };
  if (status === 413) return new Refusal(413, 'unreadable', 'That is too large for a class: 8 kB at most.');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new Refusal(status, 'unreadable', 'The class could not read that: it takes JSON.');
  return new Refusal(500, 'later', 'Something broke in the class. It was not your fault.');
}
