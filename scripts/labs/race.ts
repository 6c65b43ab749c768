import { setTimeout } from 'node:timers/promises';
import type { Row } from '../shared/figures-table.ts';
import { percent } from '../shared/measure.ts';
import type { Lab, LabContext } from './lab.ts';
import { startLateWrites } from './late-writes.ts';
import { startServers } from './servers.ts';
import { cartOf, type LabShop, newShopper, openShop } from './shop.ts';

interface Plan {
  /** The delay of a write, in milliseconds. */
  readonly latencies: readonly number[];
  /** The number of tries for each. */
  readonly tries: number;
}

/** The ways to answer the form, and the shopper's round-trip time in milliseconds. */
const WAYS = [
  { redirect: 'at once', path: 'redirect', away: 0 },
  { redirect: 'at once', path: 'redirect', away: 20 },
  { redirect: 'after save()', path: 'save-then-redirect', away: 0 },
] as const;

export const race: Lab<Plan> = {
  name: 'race',
  claim:
    'A redirect that does not wait for save() shows the old page as soon as the write is slower than the shopper.',
  columns: [
    { key: 'redirect', title: 'redirect' },
    { key: 'shopper', title: 'shopper' },
    { key: 'writeMs', title: 'write later by ms' },
    { key: 'tries', title: 'tries' },
    { key: 'wrong', title: 'wrong pages' },
    { key: 'wrongPercent', title: '%' },
  ],
  charts: [
    {
      title: 'How often the page after the redirect is the old one',
      type: 'line',
      x: 'writeMs',
      y: 'wrongPercent',
      xTitle: 'how much later the write arrives than a read, in ms',
      yTitle: 'wrong pages of 100',
      series: 'way',
    },
  ],
  full: { latencies: [0, 1, 2, 5, 10, 15, 20, 25, 30, 50], tries: 40 },
  quick: { latencies: [0, 5, 30], tries: 8 },

  async *run(context, { latencies, tries }) {
    const { mongo } = await startServers(context);
    const proxy = await startLateWrites(mongo);
    context.defer(() => proxy.stop());
    const shop = await openShop(context, { store: 'connect-mongodb-session', url: `${proxy.uri}shop` });
    const rows: Row[] = [];
    for (const { redirect, path, away } of WAYS) {
      const shopper = away === 0 ? 'next door' : `${away} ms away`;
      for (const writeMs of latencies) {
        const done = rows.length / (WAYS.length * latencies.length);
        context.progress(done, `redirect ${redirect}, ${shopper}, writes ${writeMs} ms late`);
        proxy.late = 0;
        const cookie = await newShopper(shop);
        proxy.late = writeMs;
        let wrong = 0;
        for (let i = 0; i < tries; i++) if (await isWrong(shop, path, cookie, away)) wrong++;
        const way = `${redirect}, ${shopper}`;
        rows.push({ redirect, shopper, writeMs, tries, wrong, wrongPercent: percent(wrong, tries), way });
        yield rows;
      }
    }
    conclude(context, rows);
  },
};

/** Adds a product as a browser does: it follows the redirect as soon as it has read the Location header. */
async function isWrong(shop: LabShop, path: string, cookie: string, away: number): Promise<boolean> {
  const before = await cartOf(shop, cookie);
  const options = { method: 'POST', headers: { cookie }, redirect: 'manual' } as const;
  const answer = await fetch(`${shop.url}/cart/${path}`, options);
  // This delay is the shopper's network; nothing is waited for.
  if (away > 0) await setTimeout(away);
  const shown = await cartOf(shop, cookie);
  await answer.text();
  return shown === before;
}

function conclude({ note }: LabContext, rows: readonly Row[]): void {
  const sum = (after: boolean, key: string) =>
    rows
      .filter(({ redirect }) => (redirect === 'after save()') === after)
      .reduce((total, row) => total + Number(row[key]), 0);
  for (const after of [false, true]) {
    note(
      `Redirect ${after ? 'after save()' : 'at once'}: ${sum(after, 'wrong')} wrong pages in ${sum(after, 'tries')} tries.`,
    );
  }
  note(
    'Only the write is late here, as when it needs a new connection or a distant primary. Where reads and writes take equally long, the race is seldom seen.',
  );
}
