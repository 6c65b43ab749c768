import type { Opening } from '#grader/check/check.ts';
import { shopEnvironment } from '../../scripts/shared/environment.ts';

/**
 * The setup for the switches of lesson 10. BEHIND_PROXY=1 in `.env` tells the shop that it is behind a TLS proxy. The
 * workbench takes its database away and brings it back.
 * @param engineUri an in-memory Mongo, mongodb://127.0.0.1:PORT/
 */
export async function openSwitches(engineUri: string): Promise<Opening> {
  const behindProxy = shopEnvironment().BEHIND_PROXY === '1';
  return {
    config: { mongodbUri: `${engineUri}shop`, databaseTimeoutMs: 2000, behindProxy },
    say: [
      behindProxy
        ? 'The shop is told that it stands behind a TLS proxy: BEHIND_PROXY=1.'
        : 'The shop is told that no proxy stands in front of it.',
    ],
    close: async () => {},
  };
}
