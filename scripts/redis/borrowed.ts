import { createClient } from 'redis';
import { EngineError } from '../mongo/engine-error.ts';
import type { Redis } from './index.ts';

/** Says that a database is ours. It goes by itself, should we not come to take it away. */
const CLAIM = 'session-shop-workshop:borrowed';
const CLAIM_SECONDS = 24 * 60 * 60;
/** A Redis has 16 databases unless its owner said otherwise. Number 0 is the one that everybody uses: it is tried last. */
const LAST_DATABASE = 15;

/**
 * Borrows an empty database of somebody's Redis. Others are not looked into, and it is empty again afterwards.
 * @throws {EngineError} when nobody answers there, or no database is empty
 */
export async function borrowDatabase(redisUrl: string): Promise<Redis> {
  const where = `REDIS_URL (${withoutPassword(redisUrl)})`;
  const client = await connected(redisUrl).catch((error: Error) => {
    throw new EngineError(`No Redis answers at ${where}: ${error.message}. Mend it, or take it out of .env.`);
  });
  for (let number = LAST_DATABASE; number >= 0; number--) {
    // An error: this server has fewer databases.
    const isThere = await client.select(number).then(
      () => true,
      () => false,
    );
    if (isThere && (await isOurs(client))) {
      const url = new URL(redisUrl);
      url.pathname = `/${number}`;
      const stop = async () => {
        await client.flushDb();
        client.destroy();
      };
      const version = (await client.info('server')).match(/^redis_version:(\S+)/m)?.[1];
      return { words: `Redis ${version} at your REDIS_URL`, url: url.href, stop };
    }
  }
  client.destroy();
  throw new EngineError(
    `The Redis at ${where} has no empty database, and none of yours is touched. Name another server, or take it out of .env.`,
  );
}

async function connected(url: string) {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 3000 } });
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** Claims the database that is selected. Of two that try at once, one gets it. */
async function isOurs(client: ReturnType<typeof createClient>): Promise<boolean> {
  if ((await client.dbSize()) > 0) return false;
  const claimed = await client.set(CLAIM, String(process.pid), {
    condition: 'NX',
    expiration: { type: 'EX', value: CLAIM_SECONDS },
  });
  return claimed !== null;
}

function withoutPassword(redisUrl: string): string {
  try {
    const url = new URL(redisUrl);
    if (url.password) url.password = '***';
    return url.href;
  } catch {
    return 'which is no address';
  }
}
