import type { Item } from './list.ts';
import type { ShopFolder } from './shop-folder.ts';

/** How many lines of a program's output are shown. */
const MOST_LINES = 40;

/**
 * Runs each item, one after the other, and prints a line with its time.
 * @param stop ends it after the current item
 * @returns how many passed, and how many failed
 */
export async function lookAtAll(
  items: readonly Item[],
  shop: ShopFolder,
  say: (line: string) => void,
  stop: AbortSignal,
): Promise<{ passed: number; failed: number }> {
  let passed = 0;
  let failed = 0;
  for (const { name, holds } of items) {
    const began = performance.now();
    const wrong = await holds(shop).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (stop.aborted) break;
    // What a failed item left must not disturb the next one.
    shop.endAll();
    const seconds = ((performance.now() - began) / 1000).toFixed(1).padStart(6);
    say(`${wrong === undefined ? '✓' : '✗'} ${seconds} s  ${name}`);
    if (wrong === undefined) {
      passed += 1;
      continue;
    }
    failed += 1;
    for (const line of wrong.split(/\r?\n/).slice(0, MOST_LINES)) say(`             ${line}`);
  }
  return { passed, failed };
}
