import { join } from 'node:path';
import express, { type Express } from 'express';
import { demandToken, refuseOtherSites } from '../../../solutions/shop/csrf.ts';
import type { OwnWords } from '../own-words.ts';
import type { Database } from './database.ts';
import { securityHeaders } from './headers.ts';
import { instructorRoutes } from './instructor-routes.ts';
import { learnerRoutes } from './learner-routes.ts';
import { instructorSessions } from './login.ts';
import { errorPage, notFoundPage } from './problems.ts';
import type { Records } from './records.ts';
import type { KnownLesson } from './wall.ts';

/** All that the pages and answers of a class are made of. */
export interface Room {
  /** The join code, which is the class's ID. */
  readonly code: string;
  readonly password: string;
  readonly sessionSecret: string;
  readonly records: Records;
  readonly lessons: readonly KnownLesson[];
  readonly own: OwnWords;
  /** Where learners reach it: '192.168.1.5:4600'. */
  readonly addresses: readonly string[];
  /** Where its data is kept, in words. */
  readonly keptIn: string;
}

/** The class as an Express app. It does not listen. */
export function classApp(room: Room, { store }: Pick<Database, 'store'>): Express {
  const app = express();
  app.set('view engine', 'ejs');
  app.set('views', join(import.meta.dirname, 'views'));

  // A request passes these from top to bottom. What learners' machines ask needs no session, and costs no look for one.
  app.use(securityHeaders);
  app.use(express.static(join(import.meta.dirname, 'public')));
  app.use(learnerRoutes(room));

  app.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  app.use(refuseOtherSites);
  app.use(express.urlencoded({ limit: '8kb' }));
  app.use(instructorSessions(room.sessionSecret, store));
  app.use(demandToken);
  app.use(instructorRoutes(room));
  app.use(notFoundPage);
  app.use(errorPage);
  return app;
}
