import { startTap } from '../../mongo/tap.ts';
import { type BenchPage, PAGES } from './pages.ts';
import { openBenchShop } from './shop.ts';
import { send } from './visitor.ts';

/** The commands that each page sends to MongoDB, from a tap in front of it: their names, in order. */
export async function countCommands(mongoUri: string): Promise<Map<BenchPage, string[]>> {
  const tap = await startTap(mongoUri);
  const shop = await openBenchShop('mongodb', `${tap.uri}bench-commands`);
  try {
    const counted = new Map<BenchPage, string[]>();
    for (const page of PAGES) {
      const asker = await page.asker?.(shop.url);
      const form = page.form && { ...page.form, ...(asker && { csrf: asker.csrf }) };
      tap.forget();
      await send(shop.url, page.path, form, asker?.cookie);
      counted.set(
        page,
        tap.commands().map(({ name }) => name),
      );
    }
    return counted;
  } finally {
    await shop.close();
    await tap.stop();
  }
}
