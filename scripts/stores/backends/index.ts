import { startFiles } from './files.ts';
import { startMariadb } from './mariadb.ts';
import { startMemcached } from './memcached.ts';
import { startMongoBackend } from './mongo.ts';
import { startPostgres } from './postgres.ts';
import { startRedisBackend } from './redis.ts';
import type { Backend, BackendName, Missing, Place } from './types.ts';

export type { Backend, BackendName, Missing, Place } from './types.ts';

const nothing: Place = {
  url: '',
  isServer: false,
  dump: async () => '',
  schema: async () => [],
  remove: async () => {},
};

const START: Record<BackendName, () => Promise<Backend | Missing>> = {
  memory: async () => ({ words: 'memory of the process', place: async () => nothing, stop: async () => {} }),
  files: startFiles,
  mongo: startMongoBackend,
  redis: () => startRedisBackend('redis-server'),
  valkey: () => startRedisBackend('valkey-server'),
  memcached: startMemcached,
  postgres: startPostgres,
  mariadb: startMariadb,
};

export const BACKENDS = Object.keys(START) as readonly BackendName[];

/** Starts each backend once, at its first use. */
export class Backends {
  readonly #started = new Map<BackendName, Promise<Backend | Missing>>();

  get(name: BackendName): Promise<Backend | Missing> {
    const started = this.#started.get(name) ?? START[name]();
    this.#started.set(name, started);
    return started;
  }

  async stop(): Promise<void> {
    for (const starting of this.#started.values()) {
      const backend = await starting.catch(() => undefined);
      if (backend && 'stop' in backend) await backend.stop();
    }
  }
}
