import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { EngineError } from '../mongo/engine-error.ts';
import type { Redis } from './types.ts';

/** The key that marks a database as borrowed. Its value is different for each borrower. */
const CLAIM = 'session-shop-workshop:borrowed';
/** The claim ends by itself this long after its borrower was killed. */
const CLAIM_SECONDS = 5 * 60;
const RENEW_CLAIM_MS = 60_000;
const CONNECT_TIMEOUT_MS = 3000;
/** The keys that the shops of lessons and labs write. */
const SHOP_KEYS = 'sess:';
/** A Redis has 16 databases unless its owner set another number. */
const LAST_DATABASE = 15;

type Client = ReturnType<typeof createClient>;

/**
 * Borrows an empty database of the learner's Redis. Number 0 is never borrowed: nearly every program writes there. A hosted
 * Redis often has that one alone.
 * @throws {EngineError} when no Redis answers, or no database can be borrowed
 */
export async function borrowDatabase(redisUrl: string): Promise<Redis> {
  const where = `REDIS_URL (${withoutPassword(redisUrl)})`;
  const client = await connected(redisUrl).catch((error: Error) => {
    throw new EngineError(
      `No Redis answers at ${where}: ${error.message}. Correct it, or remove it from .env.`,
    );
  });
  try {
    const claim = randomUUID();
    const number = await claimDatabase(client, claim);
    if (number === undefined) {
      throw new EngineError(
        `The Redis at ${where} has no empty database from 1 to ${LAST_DATABASE}, so nothing was borrowed or changed. ` +
          'The workshop never uses number 0, and a hosted Redis often has no other. Name another server, or remove REDIS_URL ' +
          'from .env: redis-server on the PATH is started by itself.',
      );
    }
    const url = new URL(redisUrl);
    url.pathname = `/${number}`;
    const version = (await client.info('server')).match(/^redis_version:(\S+)/m)?.[1];
    const renewal = keepClaim(url.href, claim);
    const stop = async () => {
      clearInterval(renewal);
      await giveBack(url.href, number, claim);
    };
    return { words: `Redis ${version} at your REDIS_URL`, url: url.href, stop };
  } finally {
    client.destroy();
  }
}

/** Selects and claims an empty database. Of two borrowers at once, one gets it. */
async function claimDatabase(client: Client, claim: string): Promise<number | undefined> {
  for (let number = LAST_DATABASE; number > 0; number--) {
    try {
      await client.select(number);
    } catch {
      continue; // This server has fewer databases.
    }
    if ((await client.dbSize()) > 0) continue;
    const expiration = { type: 'EX', value: CLAIM_SECONDS } as const;
    if ((await client.set(CLAIM, claim, { condition: 'NX', expiration })) === null) continue;
    // Another program may have written between the two commands.
    if ((await client.dbSize()) === 1) return number;
    await client.del(CLAIM);
  }
  return undefined;
}

/** Renews the claim over a new connection each time: a hosted Redis drops connections that are idle. */
function keepClaim(url: string, claim: string): NodeJS.Timeout {
  const renew = async () => {
    const client = await connected(url);
    try {
      if ((await client.get(CLAIM)) === claim) await client.expire(CLAIM, CLAIM_SECONDS);
    } finally {
      client.destroy();
    }
  };
  // A failed renewal does no harm: the claim lasts for several of them.
  return setInterval(() => void renew().catch(() => {}), RENEW_CLAIM_MS).unref();
}

/**
 * Deletes the claim, and the shops' sessions when nobody else uses the database. Otherwise every session stays until its
 * own expiry: one of them may be the owner's. When the Redis does not answer, the claim and the sessions expire there.
 */
async function giveBack(url: string, number: number, claim: string): Promise<void> {
  let client: Client | undefined;
  try {
    client = await connected(url);
    if ((await client.get(CLAIM)) !== claim) return;
    const keys: string[] = [];
    for await (const batch of client.scanIterator()) keys.push(...batch);
    const isOurs = (key: string) => key === CLAIM || key.startsWith(SHOP_KEYS);
    const isShared = !keys.every(isOurs) || (await isUsedByOthers(client, number));
    await client.del(isShared ? CLAIM : keys);
  } catch {
    // The Redis is away.
  } finally {
    client?.destroy();
  }
}

/** Whether another connection uses this database. Where the server does not say: yes. */
async function isUsedByOthers(client: Client, number: number): Promise<boolean> {
  try {
    return (await client.clientList()).filter(({ db }) => db === number).length > 1;
  } catch {
    return true;
  }
}

async function connected(url: string): Promise<Client> {
  const socket = { reconnectStrategy: false, connectTimeout: CONNECT_TIMEOUT_MS } as const;
  const client = createClient({ url, socket });
  client.on('error', () => {});
  await client.connect();
  return client as Client;
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
