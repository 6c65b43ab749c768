import { Router } from 'express';
import { MongoServerError } from 'mongodb';
import type { Database } from './database.ts';
import { isIndexConflict } from './indexes.ts';

/** For whoever runs the shop: is the process alive, and can it serve? Neither looks at a session. */
export function health(database: Database): Router {
  const router = Router();

  // Restart the process when this does not answer. A database that is away is no reason to: that would mend nothing.
  router.get('/healthz', (_req, res) => {
    res.type('text').send('alive\n');
  });

  // Send shoppers elsewhere while this says 503.
  router.get('/readyz', async (req, res) => {
    try {
      await database.ping();
      res.type('text').send('ready\n');
    } catch (error) {
      const why = whyNot(error);
      req.log.warn(`not ready: ${why}`);
      res.status(503).type('text').send(`${why}\n`);
    }
  });

  return router;
}

/** An error with a code of MongoDB is an answer. Who has only these words must not look for a network. */
function whyNot(error: unknown): string {
  if (isIndexConflict(error)) return 'an index of the database is in the way';
  return error instanceof MongoServerError
    ? 'the database answers, and refuses'
    : 'the database does not answer';
}
