import { Router } from 'express';
import type { Database } from './database.ts';

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
    } catch {
      req.log.warn('not ready: the database does not answer');
      res.status(503).type('text').send('the database does not answer\n');
    }
  });

  return router;
}
