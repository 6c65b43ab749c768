import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type ShopTheatre } from '../shop/open-stage.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { sideways } from './page-facts.ts';
import { walk } from './shop-walk.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** The number of pages in the walk, so that a walk that ends early fails. */
const PAGES = 17;

describe.skipIf(noBrowser)('every page of the finished shop', () => {
  useBrowser();

  let theatre: ShopTheatre;
  let url: string;
  beforeAll(async () => {
    theatre = await openStage();
    url = await theatre.stage.shop.opened();
  });
  afterAll(() => theatre?.close());

  it('has nothing serious for axe to find, in light and in dark, and fits a phone', async () => {
    // The shop's policy allows no script, so axe needs `bypassCSP`. Reduced motion avoids colours in transition.
    const { page } = await newWindow({ bypassCSP: true, reducedMotion: 'reduce' });
    const found: Record<string, string[]> = {};
    const widths: Record<string, object> = {};
    await walk(page, url, async (name) => {
      await page.evaluate(AXE);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        // The dark scheme differs only in colours.
        found[`${name}, in ${colorScheme}`] = await seriousFindings(page, colorScheme === 'dark');
      }
      for (const width of [320, 375, 1280]) {
        await page.setViewportSize({ width, height: 720 });
        widths[`${name}, at ${width}`] = { width, ...(await sideways(page)) };
      }
    });
    expect(Object.keys(found)).toHaveLength(2 * PAGES);
    expect.soft(Object.entries(found).filter(([, findings]) => findings.length > 0)).toEqual([]);
    for (const [name, seen] of Object.entries(widths)) {
      const { width } = seen as { width: number };
      expect.soft([name, seen]).toEqual([name, { width, room: width, needed: width, tooWide: [] }]);
    }
  });
});

/** The problems that axe rates serious or critical, with their elements. */
async function seriousFindings(page: Page, coloursOnly: boolean): Promise<string[]> {
  const runOnly = coloursOnly ? `runOnly: ['color-contrast'], ` : '';
  const { violations, passes } = await page.evaluate<AxeResults>(
    `axe.run({ ${runOnly}resultTypes: ['violations'] })`,
  );
  expect(passes.length).toBeGreaterThan(coloursOnly ? 0 : 10);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
