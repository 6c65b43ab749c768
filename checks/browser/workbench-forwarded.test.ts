import { describe, expect, it } from 'vitest';
import { useBench } from './bench-page.ts';
import { noBrowser, useBrowser } from './browser.ts';
import { LIMIT_MS } from './open-lesson.ts';

// A dev container: each port has another host name, and none of them means this machine.
describe.skipIf(noBrowser)('the workbench behind forwarded ports', { timeout: 6 * LIMIT_MS }, () => {
  useBrowser('--host-resolver-rules=MAP *.example 127.0.0.1');
  const at = useBench({ WORKSHOP_ADDRESS: 'http://box-{port}.example:{port}' });

  it('is used by those names alone: shoppers, X-ray, switches, and red turns green', async () => {
    const { bench } = at;
    const { page, command } = bench;
    expect(command.benchUrl).toMatch(/^http:\/\/box-(\d+)\.example:\1\//);
    await bench.plays(3);
    const entry = await page.locator('#shopper-ann iframe').getAttribute('data-entry');
    expect(entry).toMatch(/^http:\/\/box-(\d+)\.example:\1\/__enter\//);
    await bench.solves();
    await bench.adds('Ann');
    await bench.cart('Ann').waitFor();
    const chain = await bench.opens('Ann', 'POST', '/cart');
    await chain.getByText('MongoDB, shop.sessions').first().waitFor();
    await bench.press('Restart', 'The shop runs in a new one');
    expect(bench.otherHosts.filter((host) => !/^box-\d+\.example:\d+$/.test(host))).toEqual([]);

    // The names of this machine still work, and other names do not.
    const { port, pathname } = new URL(command.benchUrl);
    const status = async (host: string) =>
      (await page.goto(`http://${host}:${port}${pathname}`, { waitUntil: 'commit' }))?.status();
    expect(await status('127.0.0.1')).toBe(200);
    for (const other of ['box-1.example', 'evil.example']) expect(await status(other)).toBe(403);
  });
});
