import { describe, expect, it } from 'vitest';
import { useBench } from './bench-page.ts';
import { noBrowser, useBrowser } from './browser.ts';
import { LIMIT_MS } from './open-lesson.ts';

describe.skipIf(noBrowser)('the workbench and Redis', { timeout: 6 * LIMIT_MS }, () => {
  useBrowser();
  const at = useBench();

  it('lesson 12: from the cookie to the key in Redis, which is silent, is back, and ends the key', async () => {
    const { bench } = at;
    await bench.plays(12);
    await bench.solves();
    await bench.adds('Ann');
    const chain = await bench.opens('Ann', 'POST', '/cart');
    await chain.getByText('Redis, sess:…').first().waitFor();
    await chain.getByText(/^SET sess:/).waitFor();
    await bench.goes('Ann', '/cart');
    const look = await bench.opens('Ann', 'GET', '/cart');
    await look.getByText(/^EXPIRE sess:/).waitFor();
    await look.getByText('Its end was set anew, and nothing else.').waitFor();
    await bench.press('Database hangs', 'The database is silent.');
    await bench.goes('Ann', '/cart');
    await bench.line('Ann', 'GET', '/cart', '503').waitFor();
    await bench.press('Database is back', 'The database is there again.');
    await bench.goes('Ann', '/cart');
    await bench.cart('Ann').waitFor();
    await bench.press('1 h later', 'It is 1 h later. The database removed 1 key.');
    await bench.goes('Ann', '/cart');
    await bench.line('Ann', 'GET', '/cart', 'no cookie').waitFor();
    await expect.poll(() => bench.cart('Ann').count(), { timeout: LIMIT_MS }).toBe(0);
  });
});
