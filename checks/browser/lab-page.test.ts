import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { renderPage } from '../../scripts/labs/page.ts';
import { sampleCharts, sampleResult } from '../../scripts/labs/sample.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { listenTo, sideways } from './page-facts.ts';

/** The part of the browser's type that is used here; Node does not have it. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): {
    getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray };
  };
}

/** Writes the sample's page into a new folder. */
function writtenPage(): string {
  const dir = mkdtempSync(join(tmpdir(), 'workshop-page-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'race.html');
  writeFileSync(file, renderPage(sampleResult, sampleCharts));
  return pathToFileURL(file).href;
}

describe.skipIf(noBrowser)('the chart page of a lab', () => {
  useBrowser();

  it('draws its chart, asks for nothing, and has the figures in a table', async () => {
    const url = writtenPage();
    const { page } = await newWindow();
    const heard = listenTo(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(url);

    // Counts the points with a colour: an empty canvas has none.
    const drawn = await page.locator('canvas').evaluate((element) => {
      const { width, height, getContext } = element as unknown as Canvas;
      const { data } = getContext.call(element, '2d').getImageData(0, 0, width, height);
      return data.filter((value, at) => at % 4 === 3 && value > 0).length;
    });
    expect(drawn).toBeGreaterThan(1000);
    expect(await page.getByRole('img', { name: /The figures are in the table below/ }).count()).toBe(1);
    expect(await page.getByRole('row').count()).toBe(1 + sampleResult.rows.length);
    expect(heard.errors).toEqual([]);
    expect(asked.filter((each) => each !== url && !each.startsWith('data:'))).toEqual([]);
  });

  it('scrolls sideways at no width', async () => {
    const { page } = await newWindow();
    await page.goto(writtenPage());
    for (const width of [320, 768, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const { needed, room } = await sideways(page);
      expect({ width, needed }).toEqual({ width, needed: room });
    }
  });
});
