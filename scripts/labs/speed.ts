import type { Row } from '../shared/figures-table.ts';
import { median, quantile } from '../shared/measure.ts';
import { type Commands, countCommands } from './commands.ts';
import { generate, type Latencies } from './generator.ts';
import type { Lab, LabContext } from './lab.ts';
import { type StoreAt, startServers, storesOn } from './servers.ts';
import { type LabShop, newShopper, openShop } from './shop.ts';
import type { StoreName } from './stores.ts';

interface Plan {
  readonly shoppers: number;
  /** The number of requests of each kind per store and round. */
  readonly requests: number;
  readonly rounds: number;
}

/** One store with its shop and its measurements. */
interface Contestant {
  readonly store: StoreName;
  readonly shop: LabShop;
  readonly cookies: readonly string[];
  readonly commands: Commands;
  readonly measured: { readonly GET: Latencies[]; readonly POST: Latencies[] };
}

const METHODS = ['GET', 'POST'] as const;
const WORDS = { GET: 'reads', POST: 'changes' } as const;

export const speed: Lab<Plan> = {
  name: 'speed',
  claim: 'A store outside the process costs every request one or two round trips: this is what they cost.',
  columns: [
    { key: 'store', title: 'store' },
    { key: 'request', title: 'the request' },
    { key: 'perSecond', title: 'requests/s' },
    { key: 'times', title: '/ MemoryStore', digits: 2 },
    { key: 'p50', title: 'p50 ms', digits: 2 },
    { key: 'p99', title: 'p99 ms', digits: 2 },
    { key: 'count', title: 'commands' },
    { key: 'commands', title: 'which' },
  ],
  charts: [
    {
      title: 'Requests a second, by store',
      type: 'bar',
      x: 'store',
      y: 'perSecond',
      xTitle: '',
      yTitle: 'requests a second',
      series: 'line',
    },
    {
      title: 'The slowest request of a hundred (p99), by store',
      type: 'bar',
      x: 'store',
      y: 'p99',
      xTitle: '',
      yTitle: 'milliseconds',
      series: 'line',
    },
  ],
  full: { shoppers: 10, requests: 2000, rounds: 7 },
  quick: { shoppers: 10, requests: 100, rounds: 2 },

  async *run(context, { shoppers, requests, rounds }) {
    const servers = await startServers(context, { redis: true, timed: true });
    context.progress(0, 'counting the commands of each store');
    const contestants = await Promise.all(storesOn(servers).map((at) => enter(context, at, shoppers)));
    // Stores take turns, so that other load slows all of them alike. The first round only warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const [turn, { store, shop, cookies, measured }] of contestants.entries()) {
        context.progress((round + turn / contestants.length) / (rounds + 1), `${store}, round ${round}`);
        for (const method of METHODS) {
          const latencies = await generate({ url: `${shop.url}/cart`, method, cookies, amount: requests });
          if (round > 0) measured[method].push(latencies);
        }
      }
      if (round > 0) yield rowsOf(contestants);
    }
    context.note(
      `${shoppers} shoppers at a time, ${rounds} rounds of ${requests} requests each. Shop, database and generator share the machine.`,
    );
    context.note(
      'connect-mongo and connect-redis move the expiry of a session at each request (touch), connect-mongodb-session does not: that is the second command of a request that only reads.',
    );
  },
};

async function enter(context: LabContext, at: StoreAt, shoppers: number): Promise<Contestant> {
  const shop = await openShop(context, at);
  const commands = await countCommands(context, at, shop);
  const cookies: string[] = [];
  while (cookies.length < shoppers) cookies.push(await newShopper(shop));
  return { store: at.store, shop, cookies, commands, measured: { GET: [], POST: [] } };
}

function rowsOf(contestants: readonly Contestant[]): Row[] {
  const perSecond = (of: Contestant | undefined, method: 'GET' | 'POST') =>
    median((of?.measured[method] ?? []).map((each) => each.requestsPerSecond));
  return contestants.flatMap((each) =>
    METHODS.map((method) => {
      const ms = each.measured[method].flatMap((latencies) => latencies.ms);
      const commands = each.commands[method];
      return {
        store: each.store,
        request: WORDS[method],
        perSecond: perSecond(each, method),
        times: perSecond(each, method) / perSecond(contestants[0], method),
        p50: median(ms),
        p99: quantile(ms, 0.99),
        count: commands.length,
        commands: commands.join(', ') || null,
        line: `a request that ${WORDS[method]} the session`,
      };
    }),
  );
}
