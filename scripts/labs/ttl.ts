import type { SessionData, Store } from 'express-session';
import { MongoClient } from 'mongodb';
import type { Row } from '../shared/figures-table.ts';
import type { Lab } from './lab.ts';
import { startServers } from './servers.ts';
import { openStore } from './stores.ts';

interface Plan {
  readonly hours: number;
  /** The visitors per hour who get a session and never return. */
  readonly visitors: number;
  /** The table has a row for every so many hours. */
  readonly every: number;
}

const HOUR = 60 * 60 * 1000;
/** How long a session lives. */
const LIFE = 6 * HOUR;

export const ttl: Lab<Plan> = {
  name: 'ttl',
  claim: 'With the TTL index a collection is as large as the sessions that live; without it, it only grows.',
  columns: [
    { key: 'hour', title: 'hour' },
    { key: 'index', title: 'TTL index' },
    { key: 'documents', title: 'documents' },
    { key: 'alive', title: 'alive' },
    { key: 'times', title: 'documents / alive', digits: 1 },
  ],
  charts: [
    {
      title: 'Documents in the collection, hour by hour',
      type: 'line',
      x: 'hour',
      y: 'documents',
      xTitle: 'hours since the shop opened',
      yTitle: 'documents',
      series: 'line',
    },
  ],
  full: { hours: 48, visitors: 250, every: 4 },
  quick: { hours: 24, visitors: 40, every: 6 },

  async *run(context, { hours, visitors, every }) {
    const { mongo, sweep } = await startServers(context);
    const client = await MongoClient.connect(mongo);
    context.defer(() => client.close());
    const db = client.db('shop');
    const shops = [];
    for (const index of ['with', 'without'] as const) {
      const name = index === 'with' ? 'sessions' : 'sessions_without_index';
      const { store, close } = await openStore('connect-mongodb-session', `${mongo}shop`, name);
      context.defer(close);
      if (index === 'without') await db.collection(name).dropIndex('expires_1');
      shops.push({ index, store, collection: db.collection(name) });
    }
    const rows: Row[] = [];
    // From here on the lab moves its own clock, so that hours pass as fast as sessions can be written.
    const opening = Date.now();
    for (let hour = 1; hour <= hours; hour++) {
      context.progress(hour / hours, `hour ${hour}`);
      const now = new Date(opening + hour * HOUR);
      for (const { store } of shops) {
        const visits = Array.from({ length: visitors }, (_, visitor) =>
          visit(store, `hour-${hour}-visitor-${visitor}`, new Date(now.getTime() + LIFE)),
        );
        await Promise.all(visits);
      }
      await sweep(now);
      if (hour % every !== 0) continue;
      for (const { index, collection } of shops) {
        const documents = await collection.countDocuments({});
        const alive = await collection.countDocuments({ expires: { $gt: now } });
        rows.push({
          hour,
          index,
          documents,
          alive,
          times: documents / alive,
          line: `${index} the TTL index`,
        });
      }
      yield rows;
    }
    context.note(
      `${visitors} visitors an hour, none of whom comes back; a session lives ${LIFE / HOUR} hours. The hours are the lab's: it moves the clock that the index is swept by.`,
    );
    context.note('A mongod sweeps once a minute, so there a document can outlive its session by as much.');
  },
};

/** A visitor's session, as express-session gives it to the store. */
function visit(store: Store, id: string, expires: Date): Promise<void> {
  const cookie = { originalMaxAge: LIFE, expires, httpOnly: true, path: '/' };
  const session = { cookie, cart: [{ productId: 'mug', quantity: 1 }] } as SessionData;
  return new Promise((resolve, reject) => {
    store.set(id, session, (error) => (error ? reject(error) : resolve()));
  });
}
