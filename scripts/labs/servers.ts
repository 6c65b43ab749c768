import { EnvironmentError } from '../shared/errors.ts';
import type { LabContext } from './lab.ts';
import { LabProcess } from './lab-process.ts';
import type { ServersHost } from './servers-host.ts';
import type { StoreName } from './stores.ts';

/** The databases of a lab. */
export interface Servers {
  /** mongodb://127.0.0.1:PORT/ */
  readonly mongo: string;
  /** Undefined when it was not requested, or the machine has none. */
  readonly redis: string | undefined;
  /** Removes the documents that TTL indexes would have removed by that moment. */
  sweep(now: Date): Promise<void>;
}

/**
 * Starts an empty Mongo, and with `redis` a Redis if the machine has one, in a separate process, until the lab ends.
 * @param timed whether the figures depend on the speed of the Mongo
 */
export async function startServers(
  context: LabContext,
  { redis = false, timed = false } = {},
): Promise<Servers> {
  const host = new LabProcess<ServersHost>('./servers-host.ts');
  context.defer(() => host.end());
  context.defer(() => host.ask('stop', undefined).catch(() => {}));
  const { uri, kind, name, note } = await host.ask('mongo', undefined).catch(isMissing);
  context.uses(name);
  if (note) context.note(note);
  if (timed && kind === 'embedded') {
    context.note(
      'The Mongo is the embedded engine, in JavaScript: a mongod has other times, and the same commands. npm run mongod fetches one.',
    );
  }
  const found = redis ? await host.ask('redis', undefined).catch(isMissing) : undefined;
  if (found) context.uses(found.words);
  else if (redis) {
    context.note(
      'connect-redis was left out: there is no Redis. Set REDIS_URL, or install redis-server, to measure it too.',
    );
  }
  return {
    mongo: uri,
    redis: found?.url,
    sweep: async (now) => {
      await host.ask('sweep', now.toISOString());
    },
  };
}

/** An engine that does not start is an error of the environment. */
function isMissing(error: Error): never {
  throw new EnvironmentError(error.message);
}

/** A store, and where it keeps its sessions. */
export interface StoreAt {
  readonly store: StoreName;
  readonly url: string;
}

/** The stores that can be measured on these servers: MemoryStore, the workshop's own, and the others. */
export function storesOn({ mongo, redis }: Servers): [StoreAt, StoreAt, ...StoreAt[]] {
  // One database each, so that stores do not share documents or indexes.
  return [
    { store: 'MemoryStore', url: '' },
    { store: 'connect-mongodb-session', url: `${mongo}shop` },
    { store: 'connect-mongo', url: `${mongo}shop-connect-mongo` },
    ...(redis ? [{ store: 'connect-redis', url: redis } as const] : []),
  ];
}
