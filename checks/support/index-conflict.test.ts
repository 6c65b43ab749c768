import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SessionData, Store } from 'express-session';
import { MongoClient } from 'mongodb';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ShopConfig } from '#shop/config.ts';
import { startMongo } from '../../scripts/mongo/index.ts';
import { ROOT } from '../../scripts/shared/paths.ts';

/** The store of a solution. Solutions from lesson 10 on have the last two methods. */
type OwnStore = Store & {
  readonly client: MongoClient;
  connectAgain?(): Promise<void>;
  close?(): Promise<void>;
};
interface StoreModule {
  readonly createStore: (config: Pick<ShopConfig, 'mongodbUri' | 'databaseTimeoutMs'>) => OwnStore;
}

/** The store of a solution on a database with a TTL index of other options. */
async function onForeignIndex(lesson: string) {
  const mongo = await startMongo('embedded');
  const client = await new MongoClient(`${mongo.uri}shop`).connect();
  await client.db().collection('sessions').createIndex({ expires: 1 }, { expireAfterSeconds: 3600 });
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { href } = pathToFileURL(join(ROOT, 'solutions', lesson, 'store.ts'));
  const { createStore } = (await import(href)) as StoreModule;
  const store = createStore({ mongodbUri: `${mongo.uri}shop`, databaseTimeoutMs: 2000 });
  onTestFinished(async () => {
    await (store.close?.() ?? store.client.close());
    vi.restoreAllMocks();
    await client.close();
    await mongo.stop();
  });
  const words = () => said.mock.calls.map(([text]) => String(text));
  return { store, words, sessions: client.db().collection<{ _id: string }>('sessions') };
}

it.each(['02-mongodb-store', '09-expiry-and-ttl', '10-production'])(
  '%s: an index that is in the way is named, the database is not called away, and sessions are stored',
  async (lesson) => {
    const { store, words, sessions } = await onForeignIndex(lesson);
    await vi.waitFor(() =>
      expect(words()).toContainEqual(expect.stringMatching(/Error creating index: An equivalent index/)),
    );
    expect(words().join('\n')).not.toMatch(/connect|away|there\?/i);
    await new Promise<void>((resolve, reject) => {
      const session = { cookie: { originalMaxAge: null } } as unknown as SessionData;
      store.set('a-session', session, (error) => (error ? reject(error) : resolve()));
    });
    expect(await sessions.countDocuments({ _id: 'a-session' })).toBe(1);
  },
);

it('10-production stops asking for its index, and says why', async () => {
  const { store, words } = await onForeignIndex('10-production');
  await store.connectAgain?.();
  expect(words().at(-1)).toMatch(/cannot make its TTL index: An equivalent index/);
});
