import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aReport, asks, joins } from '../../scripts/class/fixtures/learner.ts';
import { openTestClass, PASSWORD, type TestClass } from '../../scripts/class/fixtures/test-class.ts';
import { axeFindings } from './axe.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { fillClass } from './class-of-twenty.ts';
import { listenTo, sideways } from './page-facts.ts';

const LIKELY =
  'The document belongs to the cookie, but the cart is kept elsewhere. It goes into req.session.cart.';

describe.skipIf(noBrowser)("a class's dashboard", () => {
  useBrowser();

  let testClass: TestClass;
  beforeEach(async () => {
    testClass = await openTestClass();
  });
  afterEach(() => testClass.close());

  /** The dashboard in a window that is logged in. */
  async function openDashboard(options?: Parameters<typeof newWindow>[0]): Promise<Page> {
    const { page } = await newWindow(options);
    await page.goto(testClass.address);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('heading', { level: 1 }).getByText(testClass.code.slice(3)).waitFor();
    return page;
  }

  it('shows a verdict as it arrives, and what most are stuck at', async () => {
    const page = await openDashboard();
    const heard = listenTo(page);
    await page.getByText('Nobody is here yet').waitFor();

    const tokens = [await joins(testClass, 'Ann'), await joins(testClass, 'Ben')];
    await page.getByRole('rowheader', { name: 'Ben' }).waitFor();
    for (const token of tokens) await asks(testClass, '/reports', aReport({ likely: LIKELY }), token);
    await page.getByText('2 × 3.2 the cart survives a restart').waitFor();
    await page.getByText(LIKELY).waitFor();
    await asks(testClass, '/reports', aReport({ seq: 2, verdict: 'pass' }), tokens[0]);
    await page.getByText('1 × 3.2').waitFor();
    const ann = page.getByRole('row', { name: /^Ann/ });
    await ann.getByText('passes, since').waitFor();
    expect(heard).toEqual({ errors: [], hosts: new Set([new URL(testClass.address).host]) });
  });

  it('works without JavaScript as well: it reloads itself', async () => {
    const page = await openDashboard({ javaScriptEnabled: false });
    const token = await joins(testClass, 'Ann');
    await asks(testClass, '/reports', aReport(), token);
    await page.getByText('✗ 3.2').waitFor();
    await page.getByLabel('Take out of the class').fill('ann');
    await page.getByRole('button', { name: 'Take out', exact: true }).click();
    await page.getByRole('status').getByText('Ann was taken out of the class').waitFor();
    await page.getByRole('button', { name: 'End the class' }).click();
    await page.getByRole('heading', { level: 1, name: 'This class ended at' }).waitFor();
    await page.waitForLoadState();
    expect(await page.getByRole('button', { name: 'End the class' }).count()).toBe(0);
  });

  it('says when it is cut off and since when, and goes on when it is not', async () => {
    const page = await openDashboard();
    await page.context().setOffline(true);
    await page.getByText(/^No connection to the class. This is how it was at \d\d:\d\d\.$/).waitFor();
    await joins(testClass, 'Ann');
    await page.context().setOffline(false);
    await page.getByRole('rowheader', { name: 'Ann' }).waitFor();
    await expect.poll(() => page.getByRole('status').textContent()).toBe('');
  });

  it('goes to the login when the session has ended', async () => {
    const page = await openDashboard();
    await page.context().clearCookies();
    await page.getByLabel('Password').waitFor();
  });

  it('gives a table for spreadsheets', async () => {
    await asks(testClass, '/reports', aReport(), await joins(testClass, 'Jörg'));
    const page = await openDashboard();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Save as CSV' }).click();
    const csv = readFileSync(await (await download).path(), 'utf8');
    expect(csv).toMatch(
      /^\uFEFFnickname,lesson,[\s\S]+\r\nJörg,3,Configure the session,fail,1 of 2,step 3\.2,/,
    );
  });

  it('shows a class of twenty on a projector, has nothing for axe to find, and fits a narrow window', async () => {
    await fillClass(testClass);
    const page = await openDashboard({
      viewport: { width: 1280, height: 720 },
      bypassCSP: true,
      reducedMotion: 'reduce',
    });
    await expect.poll(() => page.locator('tbody tr').count()).toBe(20);
    // Readable from the back of a room: a mark is taller than a fortieth of the picture's height.
    const { height } = (await page.locator('.fail .mark').first().boundingBox()) ?? { height: 0 };
    expect(height).toBeGreaterThan(720 / 40);
    expect(await axeFindings(page)).toEqual([]);
    for (const width of [1280, 800, 320]) {
      await page.setViewportSize({ width, height: 720 });
      const { needed, room: there } = await sideways(page);
      expect({ width, needed }).toEqual({ width, needed: there });
      if (process.env.CLASS_SHOTS)
        await page.screenshot({ path: `${process.env.CLASS_SHOTS}/dashboard-${width}.png` });
    }
  });

  it('has nothing for axe to find on the login and its refusal', async () => {
    const { page } = await newWindow({ bypassCSP: true });
    await page.goto(testClass.address);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button').click();
    expect(await page.getByRole('alert').textContent()).toContain('This is not the password');
    expect(await axeFindings(page)).toEqual([]);
  });
});
