import { join } from 'node:path';
import express, { type Express } from 'express';
import { demandToken, refuseOtherSites } from './csrf.ts';
import type { Database } from './database.ts';
import { securityHeaders } from './headers.ts';
import { instructorRoutes } from './instructor-routes.ts';
import { learnerRoutes } from './learner-routes.ts';
import { instructorSessions } from './login.ts';
import { errorPage, notFoundPage } from './problems.ts';
import type { ClassContext } from './types.ts';

/** The class as an Express app. It does not listen. */
export function classApp(context: ClassContext, { store }: Pick<Database, 'store'>): Express {
  const app = express();
  app.set('view engine', 'ejs');
  app.set('views', join(import.meta.dirname, 'views'));

  // The order of the middleware. Learners' routes come before the session: they need none.
  app.use(securityHeaders);
  app.use(express.static(join(import.meta.dirname, 'public')));
  app.use(learnerRoutes(context));

  app.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  app.use(refuseOtherSites);
  app.use(express.urlencoded({ limit: '8kb' }));
  app.use(instructorSessions(context.sessionSecret, store));
  app.use(demandToken);
  app.use(instructorRoutes(context));
  app.use(notFoundPage);
  app.use(errorPage);
  return app;
}
