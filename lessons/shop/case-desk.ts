import { inspect } from 'node:util';
import { Router } from 'express';
import type { Collection } from 'mongodb';
import { type Case, cookieValue, isCaseNumber, makeCase, type SessionDocument } from './case.ts';

/** What is found out in lesson 6. */
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
 * A page with a case to solve (lesson 6): a cookie, and what to find out about it. The case's sessions are put into the
 * database as soon as the shop opens, and again whenever it does.
 */
export function caseDesk({ answers, findSession, sessions, secret }: Desk): Router {
  const desk = Router();
  const theCase = isCaseNumber(answers.caseNumber) ? makeCase(answers.caseNumber) : undefined;
  const seed = () => (theCase ? putIntoDatabase(theCase, sessions) : Promise.resolve(undefined));

  let seeding = seed();
  /** What the page shows. It waits until the case is in the database, or cannot be. */
  const facts = async () => {
    const problem = await seeding;
    // The database may be there the next time somebody looks.
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

  // A cookie to try findSession on
  desk.post('/', async (req, res) => {
    const tried = String(req.body?.cookie ?? '').trim();
    const found = await findSession(tried, { sessions, secret });
    // inspect, because it can show whatever the function returns
    const shown = found && { id: found._id ?? 'no _id', text: inspect(found, { depth: 4 }) };
    res.render('case', { ...(await facts()), tried, shown });
  });

  // For the check, which reads answers in this way alone
  desk.get('/answers', (_req, res) => {
    res.json(answers);
  });

  return desk;
}

/** Puts a case where an earlier one was; other sessions are left alone. @returns what went wrong, if anything did */
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
    // The index that the store asks for as well. Whoever is first makes it, and for the other it is there.
    await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
    return undefined;
  } catch (error) {
    // Only the kind of error: its message can quote a whole session.
    const kind = error instanceof Error ? error.name : 'unknown error';
    console.error(`The case could not be put into the database (${kind}). Is the database there?`);
    return kind;
  }
}
