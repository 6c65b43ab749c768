import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * The problems that axe rates moderate or worse in a page, or only those of its colours, with their elements. Frames are left out. The page's window needs `bypassCSP`.
 * @returns 'color-contrast: <p class="about">' for each
 */
export async function axeFindings(page: Page, { coloursOnly = false } = {}): Promise<string[]> {
  await page.evaluate(AXE);
  const runOnly = coloursOnly ? `runOnly: ['color-contrast'], ` : '';
  const { violations, passes } = await page.evaluate<AxeResults>(
    `axe.run({ ${runOnly}resultTypes: ['violations'], iframes: false })`,
  );
  expect(passes.length).toBeGreaterThan(coloursOnly ? 0 : 10);
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
