import type { FrameLocator, Locator, Page } from 'playwright-core';
import { describe, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { axeFindings } from './axe.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { OpenLesson, PATIENCE } from './open-lesson.ts';
import { listenTo } from './page-facts.ts';

/** A lesson as its starter, played with the workbench alone. */
class Bench {
  readonly lesson: OpenLesson;
  readonly page: Page;

  private constructor(lesson: OpenLesson, page: Page) {
    this.lesson = lesson;
    this.page = page;
  }

  static async open(number: number): Promise<Bench> {
    const lesson = new OpenLesson(number, { solved: false });
    onTestFinished(() => lesson.clear());
    onTestFailed(() => console.log(`npm run lesson ${number} printed:\n${lesson.output}`));
    await lesson.says([/\d+ of \d+ steps pass/, /shop {3}http/]);
    const { page } = await newWindow({ viewport: { width: 1440, height: 900 } });
    const heard = listenTo(page);
    await page.goto(lesson.benchUrl);
    const bench = new Bench(lesson, page);
    onTestFinished(() => {
      const own = [...heard.hosts].every((host) => host.startsWith('127.0.0.1:'));
      if (!own) throw new Error(`The page asked other hosts: ${[...heard.hosts].join(', ')}`);
    });
    await page.locator('.step.fail').first().waitFor();
    for (const name of ['Ann', 'Ben']) await bench.shop(name).locator('footer').waitFor();
    // A line that opens by itself may do so in the moment of a click.
    await page.locator('#follow').uncheck();
    return bench;
  }

  /** A shopper's page of the shop. */
  shop(name: string): FrameLocator {
    return this.page.frameLocator(`#shopper-${name.toLowerCase()} iframe`);
  }

  /** Has a shopper go to a path. */
  async goes(name: string, path: string): Promise<void> {
    const address = this.page.getByLabel(`${name} is at`);
    await address.fill(path);
    // What is clicked next shall be on the new page.
    const arrived = this.page.waitForResponse(
      (response) =>
        response.request().resourceType() === 'document' && new URL(response.url()).pathname === path,
    );
    await address.press('Enter');
    await (await arrived).finished();
  }

  async press(label: string): Promise<void> {
    const button = this.page.getByRole('button', { name: label, exact: true });
    if (!(await button.isVisible())) await this.page.getByText('More switches').click();
    await button.click();
  }

  /** Saves our solution, and waits until every step passes. */
  async solves(): Promise<void> {
    this.lesson.solve();
    await this.page.locator('.summary.pass').waitFor();
    await expect.poll(() => this.page.locator('.step.fail').count(), { timeout: PATIENCE }).toBe(0);
  }

  /** The newest line of the X-ray that has all of these words. */
  line(...words: readonly string[]): Locator {
    const all = this.page.locator('details.x');
    return words.reduce((lines, text) => lines.filter({ hasText: text }), all).first();
  }

  /** Opens that line. @returns what it opens to */
  async opens(...words: readonly string[]): Promise<Locator> {
    const line = this.line(...words);
    await line.waitFor();
    if (!(await line.evaluate((element) => (element as unknown as { open: boolean }).open)))
      await line.locator('summary').first().click();
    const inside = line.locator('.x-in');
    await inside.waitFor();
    return inside;
  }

  async adds(name: string, product = 'Enamel mug'): Promise<void> {
    await this.goes(name, '/');
    await this.shop(name)
      .getByRole('button', { name: `Add ${product} to cart` })
      .click();
  }

  cart(name: string): Locator {
    return this.shop(name).locator('.line h2');
  }

  async logsIn(name: string): Promise<void> {
    await this.goes(name, '/login');
    const shop = this.shop(name);
    await shop.getByLabel('Email').fill('ada@example.com');
    await shop.getByLabel('Password').fill('analytical-engine');
    await shop.locator('form.fields button').click();
    await shop.locator('[data-user=u-ada], .account form').first().waitFor();
  }
}

describe.skipIf(noBrowser)('the workbench', { timeout: 6 * PATIENCE }, () => {
  useBrowser();

  it('lesson 1: a cart in memory, and a restart that loses it', async () => {
    const bench = await Bench.open(1);
    await bench.solves();
    await bench.adds('Ann');
    await bench.cart('Ann').waitFor();
    await bench.goes('Ben', '/cart');
    const chain = await bench.opens('Ann', 'POST', '/cart');
    await chain.getByText('MemoryStore').first().waitFor();
    await chain.getByText('"productId": "mug"').waitFor();

    await bench.press('Restart');
    await bench.page.getByText('The shop runs in a new one').waitFor();
    await bench.goes('Ann', '/cart');
    const after = await bench.opens('Ann', 'GET', '/cart');
    await after.getByText(/the store has no session of that ID/).waitFor();
    expect(await bench.cart('Ann').count()).toBe(0);
  });

  it('lesson 3: from the cookie to the document, and a new secret', async () => {
    const bench = await Bench.open(3);
    await bench.page.locator('.failure .likely').waitFor();
    await bench.solves();
    await bench.adds('Ann');
    const chain = await bench.opens('Ann', 'POST', '/cart');
    await chain.getByText('MongoDB, shop.sessions').first().waitFor();
    await chain.getByText('update shop.sessions').waitFor();
    // A part of the cookie shows the same part of the document.
    await chain.locator('.cookie [data-part=id]').click();
    await chain.locator('.diff .part.chosen').filter({ hasText: '"_id"' }).waitFor();
    const page = await bench.opens('Ann', 'GET', '/cart');
    await page.getByText(/nothing in the session changed, and resave is false/).waitFor();

    await bench.press('New secret');
    await bench.page.getByText('A new secret signs').waitFor();
    await bench.page.locator('.left-on').getByText('secret number 2').waitFor();
    await bench.goes('Ann', '/cart');
    const forged = await bench.opens('Ann', 'GET', '/cart', 'cookie ✗');
    await forged.getByText(/The store was not asked: the signature does not hold/).waitFor();
  });

  it('lesson 7: a stolen ticket opens the account, until its owner logs out', async () => {
    const bench = await Bench.open(7);
    await bench.solves();
    await bench.logsIn('Ann');
    const login = await bench.opens('Ann', 'POST', '/login');
    await login
      .getByText('delete shop.sessions')
      .or(login.getByText('update shop.sessions'))
      .first()
      .waitFor();

    await bench.page.getByRole('button', { name: 'Add a shopper' }).click();
    await bench.page.locator('#jar-mallory > summary').click();
    await bench.page.getByRole('button', { name: 'Steal Ann’s cookies' }).first().click();
    await bench.goes('Mallory', '/account');
    await bench.shop('Mallory').locator('[data-user=u-ada]').waitFor();

    await bench.shop('Ann').getByRole('button', { name: 'Log out' }).first().click();
    await bench.shop('Ann').getByRole('link', { name: 'Log in' }).waitFor();
    await bench.goes('Mallory', '/account');
    await bench.shop('Mallory').getByLabel('Password').waitFor();
    const stolen = await bench.opens('Mallory', 'GET', '/account', '303');
    await stolen.getByText(/the store has no session of that ID/).waitFor();
  });

  it('lesson 9: time passes, and cookie and document end', async () => {
    const bench = await Bench.open(9);
    await bench.solves();
    await bench.adds('Ann');
    const chain = await bench.opens('Ann', 'POST', '/cart');
    await chain.locator('time[data-until]').first().waitFor();
    await bench.press('14 days later');
    await bench.page.getByText(/The database removed [1-9]/).waitFor();
    await bench.goes('Ann', '/cart');
    const after = bench.line('Ann', 'GET', '/cart', 'no cookie');
    await after.waitFor();
    expect(await bench.cart('Ann').count()).toBe(0);
  });

  it('lesson 10: an outage is an honest 503, and the cart is there after it', async () => {
    const bench = await Bench.open(10);
    await bench.solves();
    await bench.adds('Ann');
    await bench.cart('Ann').waitFor();
    await bench.press('Database refuses');
    await bench.page.locator('.left-on').getByText('database refuses').waitFor();
    await bench.goes('Ann', '/cart');
    await bench.line('Ann', 'GET', '/cart', '503').waitFor();
    await bench.press('Database is back');
    await bench.page.getByText('The database is there again.').waitFor();
    await bench.goes('Ann', '/cart');
    await bench.cart('Ann').waitFor();
  });

  it('lesson 11: one of two instances is killed, and the other has the cart', async () => {
    const bench = await Bench.open(11);
    await bench.solves();
    await bench.adds('Ann');
    await bench.line('Ann', 'instance A').waitFor();
    await bench.line('Ann', 'instance B').waitFor();
    await bench.press('Kill');
    await bench.page.locator('#status').getByText('A not running').waitFor();
    for (const _ of [1, 2]) {
      await bench.goes('Ann', '/cart');
      await bench.cart('Ann').waitFor();
    }
  });

  it('goes on to the next lesson without another command', async () => {
    const bench = await Bench.open(1);
    await bench.solves();
    await bench.page.getByRole('button', { name: 'Next lesson' }).click();
    await bench.page.locator('#text h1').filter({ hasText: 'store' }).waitFor();
    await bench.page.locator('.step').first().waitFor();
  });

  it('has nothing for axe to find, wide and narrow, in light and dark, and weighs less than 300 kB', async () => {
    const lesson = new OpenLesson(3, { solved: false });
    onTestFinished(() => lesson.clear());
    await lesson.says([/\d+ of \d+ steps pass/, /shop {3}http/]);
    const { page } = await newWindow({ bypassCSP: true, reducedMotion: 'reduce' });
    const { host } = new URL(lesson.benchUrl);
    const bodies: Promise<number>[] = [];
    page.on('requestfinished', (request) => {
      if (new URL(request.url()).host !== host || request.resourceType() === 'eventsource') return;
      bodies.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await page.goto(lesson.benchUrl);
    await page.locator('.step.fail').first().waitFor();
    await page.locator('details.x').first().waitFor();
    const sizes = await Promise.all(bodies);
    expect(sizes.length).toBeGreaterThan(2);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);

    const found: Record<string, string[]> = {};
    for (const width of [1440, 1024, 390]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        found[`${width} ${colorScheme}`] = await axeFindings(page);
      }
    }
    expect(Object.entries(found).filter(([, each]) => each.length > 0)).toEqual([]);
  });
});
