import { calculateObjectSize } from 'bson';
import { MongoClient } from 'mongodb';
import type { Row } from '../shared/figures-table.ts';
import { median } from '../shared/measure.ts';
import { generate } from './generator.ts';
import type { Lab } from './lab.ts';
import { startServers, storesOn } from './servers.ts';
import { type LabShop, newShopper, openShop } from './shop.ts';
import type { StoreName } from './stores.ts';

interface Plan {
  /** The sizes of the filler in a session, in bytes. */
  readonly ballast: readonly number[];
  /** The number of requests of each kind per session and round. */
  readonly requests: number;
  readonly rounds: number;
}

/** One session, and how long the requests with it took, in milliseconds. */
interface Loaded {
  readonly store: StoreName;
  readonly bytes: number;
  /** The size of the document; null without one. */
  readonly document: number | null;
  readonly shop: LabShop;
  readonly cookie: string;
  readonly GET: number[];
  readonly POST: number[];
}

export const size: Lab<Plan> = {
  name: 'size',
  claim:
    'Each request reads the whole session, and each change writes it: what is in it is paid for every time.',
  columns: [
    { key: 'store', title: 'store' },
    { key: 'bytes', title: 'ballast B' },
    { key: 'document', title: 'document B' },
    { key: 'storageMb', title: 'MB per 100,000', digits: 1 },
    { key: 'readMs', title: 'read p50 ms', digits: 2 },
    { key: 'readTimes', title: 'times', digits: 1 },
    { key: 'writeMs', title: 'write p50 ms', digits: 2 },
    { key: 'writeTimes', title: 'times ', digits: 1 },
  ],
  charts: [
    {
      title: 'A request that changes one number in the session, by the size of the rest',
      type: 'line',
      x: 'bytes',
      y: 'writeMs',
      xTitle: 'bytes in the session beside the cart',
      yTitle: 'median latency in ms',
      series: 'store',
      logarithmic: ['x', 'y'],
    },
    {
      title: 'A request that only reads the session, by its size',
      type: 'line',
      x: 'bytes',
      y: 'readMs',
      xTitle: 'bytes in the session beside the cart',
      yTitle: 'median latency in ms',
      series: 'store',
      logarithmic: ['x', 'y'],
    },
  ],
  full: { ballast: [100, 1000, 10_000, 100_000, 1_000_000], requests: 40, rounds: 7 },
  quick: { ballast: [100, 10_000, 100_000], requests: 10, rounds: 2 },

  async *run(context, { ballast, requests, rounds }) {
    const servers = await startServers(context, { timed: true });
    const client = await MongoClient.connect(servers.mongo);
    context.defer(() => client.close());
    const sessions = client.db('shop').collection<{ _id: string }>('sessions');
    const loaded: Loaded[] = [];
    for (const at of storesOn(servers).slice(0, 2)) {
      const shop = await openShop(context, at);
      for (const bytes of ballast) {
        const cookie = await newShopper(shop);
        const filled = await fetch(`${shop.url}/ballast/${bytes}`, { method: 'POST', headers: { cookie } });
        await filled.text();
        const stored = at.url ? await sessions.findOne({ _id: idIn(cookie) }) : null;
        const document = stored && calculateObjectSize(stored);
        loaded.push({ store: at.store, bytes, document, shop, cookie, GET: [], POST: [] });
      }
    }
    // Sizes take turns, so that other load slows all of them alike. The first round only warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const [turn, each] of loaded.entries()) {
        const part = (round + turn / loaded.length) / (rounds + 1);
        context.progress(part, `${each.store}, ${each.bytes.toLocaleString('en-GB')} bytes, round ${round}`);
        for (const method of ['GET', 'POST'] as const) {
          const load = { url: `${each.shop.url}/cart`, method, cookies: [each.cookie], amount: requests };
          const { ms } = await generate(load);
          if (round > 0) each[method].push(...ms);
        }
      }
      if (round > 0) yield rowsOf(loaded);
    }
    context.note(
      'Times: as long as with the smallest session in the same store. One shopper, one request at a time.',
    );
    context.note('Storage is that of the documents, before a database packs them and adds its indexes.');
  },
};

function rowsOf(loaded: readonly Loaded[]): Row[] {
  return loaded.map(({ store, bytes, document, GET, POST }) => {
    const smallest = loaded.find((each) => each.store === store);
    const [readMs, writeMs] = [median(GET), median(POST)];
    return {
      store,
      bytes,
      document,
      storageMb: document && (document * 100_000) / 1e6,
      readMs,
      readTimes: readMs / median(smallest?.GET ?? []),
      writeMs,
      writeTimes: writeMs / median(smallest?.POST ?? []),
    };
  });
}

/** The session's ID in a Cookie header: between `s:` and the signature. */
function idIn(cookie: string): string {
  const [, id = ''] = /=s:([^.]+)\./.exec(decodeURIComponent(cookie)) ?? [];
  return id;
}
