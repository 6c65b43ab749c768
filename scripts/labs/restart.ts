import type { Row } from '../shared/figures-table.ts';
import { percent } from '../shared/measure.ts';
import type { Lab, LabContext } from './lab.ts';
import { type StoreAt, startServers, storesOn } from './servers.ts';
import { cartOf, newShopper, openShop } from './shop.ts';

type Ending = 'closed, as by a deploy' | 'killed, as by a crash';

interface Plan {
  /** The number of shoppers with a cart when the shop's process ends. */
  readonly shoppers: number;
  readonly endings: readonly Ending[];
}

export const restart: Lab<Plan> = {
  name: 'restart',
  claim: 'MemoryStore loses every session when the process ends; a store outside the process loses none.',
  columns: [
    { key: 'store', title: 'store' },
    { key: 'ending', title: 'the process was' },
    { key: 'shoppers', title: 'carts before' },
    { key: 'kept', title: 'carts after' },
    { key: 'keptPercent', title: '% kept' },
  ],
  charts: [
    {
      title: 'Carts that are still there after a restart',
      type: 'bar',
      x: 'store',
      y: 'keptPercent',
      xTitle: '',
      yTitle: 'carts kept of 100',
      series: 'ending',
    },
  ],
  full: { shoppers: 200, endings: ['closed, as by a deploy', 'killed, as by a crash'] },
  quick: { shoppers: 20, endings: ['killed, as by a crash'] },

  async *run(context, { shoppers, endings }) {
    const stores = storesOn(await startServers(context, { redis: true }));
    const rows: Row[] = [];
    for (const [at, ending] of endings.entries()) {
      context.progress(at / endings.length, `each shop is ${ending}`);
      // All stores in parallel: this lab counts carts and measures no time.
      const kept = await Promise.all(stores.map((store) => carts(context, store, ending, shoppers)));
      for (const [at, { store }] of stores.entries()) {
        const left = kept[at] ?? 0;
        rows.push({ store, ending, shoppers, kept: left, keptPercent: percent(left, shoppers) });
      }
      yield rows;
    }
    context.note('The database kept running. One in memory forgets as well when its own process ends.');
  },
};

/** How many shoppers find their cart after the shop's process has ended and another one has started. */
async function carts(context: LabContext, at: StoreAt, ending: Ending, shoppers: number): Promise<number> {
  const before = await openShop(context, at);
  const cookies: string[] = [];
  while (cookies.length < shoppers) cookies.push(await newShopper(before));
  await (ending === 'killed, as by a crash' ? before.kill() : before.close());

  const after = await openShop(context, at);
  let kept = 0;
  for (const cookie of cookies) if ((await cartOf(after, cookie)) === 1) kept++;
  await after.close();
  return kept;
}
