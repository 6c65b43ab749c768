import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CDPSession } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useBench } from './bench-page.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { LIMIT_MS } from './open-lesson.ts';

/** The number of requests: a thousand per minute for five minutes, sent without pauses. */
const REQUESTS = Number(process.env.WORKSHOP_REQUESTS ?? 5000);
/** The number of graded saves while a page stays open. */
const GRADINGS = Number(process.env.WORKSHOP_GRADINGS ?? 200);
/** How much a page may grow, in bytes, elements and listeners. */
const MORE_OF_A_PAGE = { usedSize: 10_000_000, nodes: 20_000, listeners: 1000 };
/** The limit of the first contentful paint, in milliseconds: 0.3 times the 5.7 s that another workshop's page took. */
const FIRST_PAINT = 1710;
/** The shop's output, in bytes. */
const PRINTED = 50_000_000;
/** How much the command may grow, in bytes: V8 keeps memory of its own, 120 to 150 MB after 5,000 and after 60,000 requests. No output may be kept. */
const MORE = 220_000_000;

/** A process's resident memory, in bytes. */
const memoryOf = (pid: number) =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

async function statusOf(url: string): Promise<number> {
  const answer = await fetch(url);
  await answer.arrayBuffer();
  return answer.status;
}

/** The size of a page after a garbage collection. */
async function sizeOf(session: CDPSession) {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners: listeners } = await session.send('Memory.getDOMCounters');
  return { usedSize, nodes, listeners };
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

describe.skipIf(noBrowser || process.platform !== 'linux')(
  'the workbench under load',
  { timeout: 60 * LIMIT_MS },
  () => {
    useBrowser();
    const at = useBench();

    it('stays small with a page left open, ten reloads at once, and a shop that prints 50 MB', async () => {
      const { bench } = at;
      const { page, command } = bench;
      await bench.plays(1);
      await bench.solves();
      await bench.adds('Ann');
      const door = await page.locator('#shopper-ann iframe').getAttribute('data-entry');
      const { origin } = new URL(door ?? '');
      const ask = () => statusOf(`${origin}/cart`);
      // Loads and warms up everything before the measurement.
      for (let i = 0; i < 200; i++) await ask();
      const session = await page.context().newCDPSession(page);
      const heap = async () => {
        await session.send('HeapProfiler.collectGarbage');
        return (await session.send('Runtime.getHeapUsage')).usedSize;
      };
      const before = { command: memoryOf(command.pid), page: await heap() };

      const began = performance.now();
      const worker = async () => {
        for (let i = 0; i < REQUESTS / 4; i++) expect(await ask()).toBe(200);
      };
      await Promise.all([worker(), worker(), worker(), worker()]);
      const perMinute = (REQUESTS / (performance.now() - began)) * 60_000;
      expect(perMinute).toBeGreaterThan(1000);

      // Ten windows that are reloaded at the same time, and closed again.
      const { context } = await newWindow();
      const windows = await Promise.all([...Array(10)].map(() => context.newPage()));
      for (const _ of [1, 2])
        await Promise.all(windows.map((each) => each.goto(command.benchUrl, { waitUntil: 'commit' })));
      await Promise.all(windows.map((each) => each.locator('.summary').waitFor()));
      await Promise.all(windows.map((each) => each.close()));

      // A shop that prints without end: its output goes to the terminal, and neither the page nor the command keeps it.
      const app = join(command.workspace.lesson.workDir, 'app.ts');
      const text = readFileSync(app, 'utf8');
      const line = 'x'.repeat(999);
      const noise = `app.get('/print', (_req, res) => {
      for (let i = 0; i < ${PRINTED / 1000}; i++) console.log('${line}');
      res.end('printed');
    });\n`;
      const printed = command.output.length;
      await command.says([/All \d+ steps pass/, /shop {3}http/], () =>
        writeFileSync(app, text.replace(/(const app = express\(\);\n)/, `$1${noise}`)),
      );
      await bench.goes('Ben', '/print');
      await expect
        .poll(() => command.output.length - printed, { timeout: 5 * LIMIT_MS, interval: 500 })
        .toBeGreaterThan(PRINTED);
      writeFileSync(app, text);
      await page.locator('.summary.pass').waitFor({ timeout: 2 * LIMIT_MS });

      await bench.goes('Ann', '/');
      const after = { command: memoryOf(command.pid), page: await heap() };
      console.log(JSON.stringify({ perMinute: Math.round(perMinute), before, after }));
      expect(after.command - before.command).toBeLessThan(MORE);
      expect(after.page).toBeLessThan(before.page + 10_000_000);
      expect(await page.locator('details.x').count()).toBeLessThanOrEqual(100);
    });

    it('stays small over a night: a line open, a field in use, requests and gradings without end', async () => {
      const { bench } = at;
      const { page, command } = bench;
      await bench.plays(1);
      await bench.solves();
      await bench.adds('Ann');
      await page.locator('#follow').check();
      const door = await page.locator('#shopper-ann iframe').getAttribute('data-entry');
      const { origin } = new URL(door ?? '');
      const session = await page.context().newCDPSession(page);
      await session.send('Performance.enable');
      const app = join(command.workspace.lesson.workDir, 'app.ts');
      const text = readFileSync(app, 'utf8');
      const steps = page.locator('#steps');
      const grades = async (i: number) => {
        const before = await steps.getAttribute('data-graded');
        writeFileSync(app, `${text}// ${i}\n`);
        // A request during a restart finds no shop.
        for (let request = 0; request < REQUESTS / GRADINGS; request++)
          expect([200, 502]).toContain(await statusOf(`${origin}/cart`));
        await expect
          .poll(() => steps.getAttribute('data-graded'), { timeout: 2 * LIMIT_MS })
          .not.toBe(before);
        await page.locator('.summary.pass').waitFor();
      };
      // A learner has focused the address of a shopper and left.
      await page.getByLabel('Ann is at').focus();
      for (let i = 0; i < 5; i++) await grades(i);
      const before = { command: memoryOf(command.pid), page: await sizeOf(session) };
      for (let i = 5; i < GRADINGS; i++) await grades(i);
      const after = { command: memoryOf(command.pid), page: await sizeOf(session) };
      console.log(JSON.stringify({ requests: REQUESTS, gradings: GRADINGS, before, after }));
      expect(after.command - before.command).toBeLessThan(MORE);
      for (const [name, more] of Object.entries(MORE_OF_A_PAGE))
        expect(
          after.page[name as keyof typeof MORE_OF_A_PAGE] - before.page[name as keyof typeof MORE_OF_A_PAGE],
          name,
        ).toBeLessThan(more);
      // The page is up to date: the newest request, and the current shop.
      await bench.goes('Ben', '/cart');
      await bench.line('Ben', 'GET', '/cart', '200').waitFor();
    });

    it('paints its first content in time, measured beside a bare page', async () => {
      const { bench } = at;
      await bench.plays(3);
      await bench.page.close();
      const bare = createServer((_req, res) =>
        res.setHeader('content-type', 'text/html').end('<!doctype html><title>bare</title><p>A bare page.'),
      );
      await new Promise<void>((done) => bare.listen(0, '127.0.0.1', done));
      onTestFinished(() => void bare.close());
      const urls = {
        bench: bench.command.benchUrl,
        bare: `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`,
      };
      const painted = { bench: [] as number[], bare: [] as number[] };
      for (let i = 0; i < 7; i++) {
        for (const name of ['bench', 'bare'] as const) {
          const { page, context } = await newWindow();
          await page.goto(urls[name]);
          const at = await page.evaluate<number>(`new Promise((done) => new PerformanceObserver((list) => {
            for (const { name, startTime } of list.getEntries()) if (name === 'first-contentful-paint') done(startTime);
          }).observe({ type: 'paint', buffered: true }))`);
          painted[name].push(at);
          await context.close();
        }
      }
      console.log(JSON.stringify({ ms: { bench: median(painted.bench), bare: median(painted.bare) } }));
      expect(median(painted.bench)).toBeLessThan(FIRST_PAINT);
    });
  },
);
