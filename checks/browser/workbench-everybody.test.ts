import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { removeSync } from '../../scripts/setup/files.mjs';
import { axeFindings } from './axe.ts';
import { useBench } from './bench-page.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { LIMIT_MS } from './open-lesson.ts';
import { sideways } from './page-facts.ts';
import { tabAround, tabTo } from './tabbing.ts';

// A program with the name of VS Code's command, which records what it should open.
const bin = mkdtempSync(join(tmpdir(), 'editor-'));
const opened = join(bin, 'opened');
const editor = join(bin, 'code');
writeFileSync(editor, `#!/bin/sh\nprintf '%s\\n' "$@" > '${opened}'\n`);
chmodSync(editor, 0o755);

const PATIENTLY = { timeout: LIMIT_MS };

describe.skipIf(noBrowser)('the workbench is for everybody', { timeout: 6 * LIMIT_MS }, () => {
  useBrowser('--host-resolver-rules=MAP *.example 127.0.0.1');
  const at = useBench({ EDITOR: editor });
  afterEach(() => expect(at.bench.otherHosts).toEqual([]));
  afterAll(() => removeSync(bin));

  it('a whole round by keyboard alone: every place can be seen, and none is a trap', async () => {
    const { bench } = at;
    const { page } = bench;
    await bench.plays(3);
    await tabTo(page, /^Skip to the lesson/);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.id'), PATIENTLY).toBe('text');

    const around = await tabAround(page);
    for (const part of [
      /^Lesson 12/,
      /^A hint/,
      /^Restart/,
      /^More switches/,
      /^Ann’s cookies/,
      /^Add Enamel mug to cart/,
      /^Clear/,
    ])
      expect(around.filter((label) => part.test(label)).length).toBeGreaterThan(0);

    // Tab has just reached each of these. Red: the likely mistake, the editor at that place, a hint, and our answer.
    const enter = (locator: Locator) => locator.press('Enter');
    await enter(page.getByRole('button', { name: /^work\/03-session-config\/app\.ts:\d+$/ }));
    await page.locator('#said').getByText('code opens work/03-session-config/app.ts').waitFor();
    await expect
      .poll(() => existsSync(opened) && readFileSync(opened, 'utf8'), PATIENTLY)
      .toMatch(/app\.ts:\d+/);
    await page.locator('#hint').focus();
    for (const rung of [1, 2, 3]) {
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: `Step 3.1, hint ${rung} of 3` }).waitFor();
      expect(await page.evaluate('document.activeElement.id')).toBe('hint');
    }
    await enter(page.locator('#solution summary'));
    await page.locator('.solution .diff .added').first().waitFor();

    // Green, which is announced. The focus stays where it was.
    bench.command.solve(3);
    await page.locator('#said').getByText('5 of 5 steps pass.').waitFor();
    expect(await page.locator('#said').getAttribute('aria-live')).toBe('polite');
    await page.locator('.step .proved').first().waitFor();
    expect(await page.evaluate('document.activeElement.localName')).toBe('summary');
    await page.locator('.solution .prose').getByText('Other right ways').first().waitFor();

    await enter(bench.shop('Ann').getByRole('button', { name: 'Add Enamel mug to cart' }));
    await bench.line('Ann', 'GET', '/cart').waitFor();
    await enter(bench.line('Ann', 'POST', '/cart').locator('summary').first());
    const chain = bench.line('Ann', 'POST', '/cart').locator('.x-in');
    await enter(chain.locator('.cookie [data-part=id]'));
    await chain.locator('.diff .part.chosen').filter({ hasText: '"_id"' }).waitFor();
    await enter(page.locator('#switch-restart'));
    await page.locator('#said').getByText('The shop runs in a new one').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('switch-restart');
    await enter(page.locator('#jar-ann summary'));
    await page.keyboard.press('Escape');
    expect(await page.locator('#jar-ann').getAttribute('open')).toBe(null);
    await bench.afterReload(() => enter(page.locator('#next')));
    await page.locator('#text h1').waitFor();
    expect(await page.title()).not.toMatch(/^3\./);
  });

  it('fits each width and 200 % zoom, prints, stands still, and has nothing for axe to find', async () => {
    const { bench } = at;
    await bench.plays(3);
    for (const name of ['Mallory', 'Cy']) {
      await bench.page.getByRole('button', { name: 'Add a shopper' }).click();
      await bench.shop(name).locator('footer').waitFor();
    }
    await bench.adds('Mallory');
    const { page } = await newWindow({ bypassCSP: true, reducedMotion: 'reduce' });
    const { host } = new URL(bench.command.benchUrl);
    const bodies: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (new URL(request.url()).host !== host || request.resourceType() === 'eventsource') return;
      bodies.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.goto(bench.command.benchUrl);
    await page.locator('.step.fail').first().waitFor();
    await page.locator('details.x .chain').first().waitFor();
    const sizes = await Promise.all(bodies);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);

    const found: Record<string, unknown> = {};
    // 720 by 450 is 1440 by 900 at a zoom of 200 %.
    for (const [width, height] of [
      [1500, 950],
      [1440, 900],
      [1024, 768],
      [720, 450],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      const { needed } = await sideways(page);
      found[`${width} sideways`] = needed > width ? [needed] : [];
      for (const tab of width < 1024 ? ['xray', 'shop', 'lesson'] : []) {
        await page.locator(`#tab-${tab}`).click();
        await page.locator(`#part-${tab}`).waitFor();
        if (tab === 'shop') found[`${width} cut off`] = await cutOff(page);
      }
      if (width >= 1024) found[`${width} cut off`] = await cutOff(page);
      if (width === 720) continue;
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        found[`${width} ${colorScheme}`] = await axeFindings(page, { coloursOnly: colorScheme === 'dark' });
      }
    }
    expect(Object.entries(found).filter(([, each]) => (each as unknown[]).length > 0)).toEqual([]);

    const motion = await page.evaluate(`[...document.querySelectorAll('*')].filter((each) => {
      const { animationName, transitionDuration } = getComputedStyle(each);
      return animationName !== 'none' || parseFloat(transitionDuration) > 0;
    }).length`);
    expect(motion).toBe(0);
    await page.emulateMedia({ media: 'print' });
    for (const part of ['#text', '#steps']) {
      const cut = await page
        .locator(part)
        .evaluate((element) => element.scrollHeight > element.clientHeight + 1);
      expect(cut).toBe(false);
    }
    for (const part of ['#part-shop', '#part-xray', '.tabs', '#said'])
      expect(await page.locator(part).isVisible()).toBe(false);
  });

  it('shows another page nothing, and does nothing for it', async () => {
    const { bench } = at;
    const url = bench.command.benchUrl;
    const { origin } = new URL(url);
    // A foreign page that knows the whole address, under a host name that leads here and from another port.
    const evil = createServer((_req, res) =>
      res.setHeader('content-type', 'text/html').end('<title>evil</title>'),
    );
    await new Promise<void>((done) => evil.listen(0, '127.0.0.1', done));
    onTestFinished(() => void evil.close());
    const there = `127.0.0.1:${(evil.address() as AddressInfo).port}`;
    const { page } = await newWindow();
    await page.goto(`http://${there}/`);
    const before = await bench.page.request.get(url).then((answer) => answer.text());
    const reached = await page.evaluate(`Promise.all([
      fetch('${url}').then((answer) => answer.text(), () => 'not read'),
      fetch('${url}switch/kill', { method: 'POST', mode: 'no-cors' }).then(({ type }) => type),
      new Promise((done) => {
        const events = new EventSource('${url}events');
        events.onmessage = events.onopen = () => done('heard');
        events.onerror = () => done('not heard');
      }),
      new Promise((done) => {
        const frame = document.createElement('iframe');
        frame.onload = () => { try { done(frame.contentDocument?.title ?? 'closed'); } catch { done('closed'); } };
        frame.src = '${url}';
        document.body.append(frame);
      }),
    ])`);
    expect(reached).toEqual(['not read', 'opaque', 'not heard', 'closed']);
    // A form to that address is refused as well.
    await page.evaluate(`(() => {
      document.body.innerHTML = '<form method="post" action="${url}switch/kill"></form>';
      document.forms[0].submit();
    })()`);
    await page.getByText('Another page asked for this').waitFor();
    expect(before).toContain('<title>');
    const status = await page.goto(url.replace('127.0.0.1', 'bench.example'));
    expect(status?.status()).toBe(403);
    const pid = /process (\d+)/;
    const after = await bench.page.request.get(url).then((answer) => answer.text());
    expect(pid.exec(after)?.[1]).toBe(pid.exec(before)?.[1]);

    // Without the token every path is refused, and with it only the page's own files are served.
    const ask = async (path: string) => (await fetch(origin + path)).status;
    const { pathname } = new URL(url);
    expect(await ask('/')).toBe(404);
    expect(await ask('/bench.js')).toBe(404);
    for (const path of [
      '../bench.ts',
      '%2e%2e/bench.ts',
      '..%2fworkbench.ts',
      '%2e%2e%5cworkbench.ts',
      '.env',
      'exchange/../../..',
    ])
      expect(await ask(pathname + path)).toBe(404);
    expect(await ask(`${pathname}bench.js`)).toBe(200);
  });
});

/** What a shopper's card cuts off: in the bar above the shop, and in the shop. */
async function cutOff(page: Page): Promise<string[]> {
  const bars =
    (await page.evaluate(`[...document.querySelectorAll('.shopper:not([hidden])')].flatMap((card) => {
    const { right } = card.getBoundingClientRect();
    return [...card.querySelectorAll('.bar > *')]
      .filter((part) => part.getBoundingClientRect().right > right)
      .map((part) => card.dataset.shopper + ' ' + part.className);
  })`)) as string[];
  const shops = await Promise.all(
    page.frames().map(async (frame) => (frame.parentFrame() ? (await sideways(frame)).tooWide : [])),
  );
  return [...bars, ...shops.flat()];
}
