import { Router } from 'express';
import { MongoServerError } from 'mongodb';
import type { Database } from './database.ts';
import { isIndexConflict } from './indexes.ts';

/** For operators: is the process alive, and can it serve? Neither route reads a session. */
export function health(database: Database): Router {
  const router = Router();

  // Restart the process when this does not answer. An outage of the database is no reason: a restart would not help.
  router.get('/healthz', (_req, res) => {
    res.type('text').send('alive\n');
  });

  // Send shoppers elsewhere while this answers 503.
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

/** An error with a code of MongoDB is an answer. The operator then need not examine the network. */
function whyNot(error: unknown): string {
  if (isIndexConflict(error)) return 'an index of the database is in the way';
  return error instanceof MongoServerError
    ? 'the database answers, and refuses'
    : 'the database does not answer';
}
