import { inspect } from 'node:util';
import { Router } from 'express';
import type { Collection } from 'mongodb';
import { type Case, cookieValue, isCaseNumber, makeCase, type SessionDocument } from './case.ts';

/** The learner's answers in lesson 6. */
export interface CaseAnswers {
  readonly caseNumber: number;
  readonly sessionId: string;
  readonly whoIsLoggedIn: string;
  readonly expires: string | Date;
  readonly cleaningIndex: string;
}

interface Desk {
  readonly answers: CaseAnswers;
  readonly findSession: (
    cookie: string,
    where: { sessions: Collection<SessionDocument>; secret: string },
  ) => Promise<SessionDocument | null | undefined>;
  readonly sessions: Collection<SessionDocument>;
  readonly secret: string;
}

/**
 * A page with a case to solve (lesson 6): a cookie, and questions about it. The case's sessions are stored in the
 * database each time the shop opens.
 */
export function caseDesk({ answers, findSession, sessions, secret }: Desk): Router {
  const desk = Router();
  const theCase = isCaseNumber(answers.caseNumber) ? makeCase(answers.caseNumber) : undefined;
  const seed = () => (theCase ? putIntoDatabase(theCase, sessions) : Promise.resolve(undefined));

  let seeding = seed();
  /** The page's data. It waits until the case is stored, or storing has failed. */
  const facts = async () => {
    const problem = await seeding;
    // Tries again at the next visit.
    if (problem) seeding = seed();
    return {
      number: theCase?.number,
      cookie: theCase && cookieValue(theCase.wanted._id, secret),
      count: theCase?.sessions.length,
      where: sessions.namespace,
      problem,
    };
  };

  desk.get('/', async (_req, res) => {
    res.render('case', await facts());
  });

  // Tries findSession on a cookie.
  desk.post('/', async (req, res) => {
    const tried = String(req.body?.cookie ?? '').trim();
    const found = await findSession(tried, { sessions, secret });
    // inspect shows any value that the function returns.
    const shown = found && { id: found._id ?? 'no _id', text: inspect(found, { depth: 4 }) };
    res.render('case', { ...(await facts()), tried, shown });
  });

  // For the check, which reads the answers here only.
  desk.get('/answers', (_req, res) => {
    res.json(answers);
  });

  return desk;
}

/** Replaces an earlier case in the database; other sessions stay. @returns what went wrong, if anything */
async function putIntoDatabase(
  theCase: Case,
  sessions: Collection<SessionDocument>,
): Promise<string | undefined> {
  try {
    await sessions.deleteMany({ 'session.caseNumber': { $exists: true, $ne: theCase.number } });
    await sessions.bulkWrite(
      theCase.sessions.map((document) => ({
        replaceOne: { filter: { _id: document._id }, replacement: document, upsert: true },
      })),
    );
    // The store creates the same index. For the second of the two it already exists.
    await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
    return undefined;
  } catch (error) {
    // Only the error's name: its message can quote a whole session.
    const kind = error instanceof Error ? error.name : 'unknown error';
    console.error(`The case could not be put into the database (${kind}). Is the database there?`);
    return kind;
  }
}
