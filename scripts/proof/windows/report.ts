import type { Item } from './list.ts';
import type { ShopFolder } from './shop-folder.ts';

/** How much is shown of what a program said. */
const MOST_LINES = 40;

/** Looks at each item, one after the other, with a line and its time for each. @returns how many hold, and how many do not */
export async function lookAtAll(
  items: readonly Item[],
  shop: ShopFolder,
  say: (line: string) => void,
): Promise<{ passed: number; failed: number }> {
  let failed = 0;
  for (const { name, holds } of items) {
    const began = performance.now();
    const wrong = await holds(shop).then(
      () => undefined,
      (error: Error) => error.message,
    );
    const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6);
    say(`${wrong === undefined ? '✓' : '✗'} ${seconds} s  ${name}`);
    if (wrong === undefined) continue;
    failed += 1;
    for (const line of wrong.split(/\r?\n/).slice(0, MOST_LINES)) say(`             ${line}`);
  }
  return { passed: items.length - failed, failed };
}
