import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFailed, vi } from 'vitest';
import { newWindow } from './browser.ts';
import { LIMIT_MS, OpenLesson } from './open-lesson.ts';
import { listenTo } from './page-facts.ts';

/**
 * Runs one `npm run lesson` for a file of tests. Each test opens its lesson in it, as the starter.
 * @param env more variables for the learner's environment
 * @returns an object with the page, during a test
 */
export function useBench(env: NodeJS.ProcessEnv = {}): { readonly bench: BenchPage } {
  let command: OpenLesson;
  let bench: BenchPage;
  beforeAll(async () => {
    command = new OpenLesson(1, { solved: false, env });
    await command.says([/\d+ of \d+ steps pass/, /shop {3}http/]);
  }, 2 * LIMIT_MS);
  afterAll(() => command?.clear());
  beforeEach(async () => {
    const { page } = await newWindow({ viewport: { width: 1440, height: 900 } });
    bench = new BenchPage(command, page);
    onTestFailed(() => console.log(`npm run lesson printed:\n${command.output.slice(-5000)}`));
  });
  // As an error: CI repeats the first lines of each.
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') throw new Error(await bench.seen());
  });
  return {
    get bench() {
      return bench;
    },
  };
}

/** How long a page may take before something is tried again, in milliseconds. */
const AGAIN_MS = LIMIT_MS / 4;

/** An element of a page. */
interface HasData {
  readonly dataset: Record<string, string>;
}

/** The workbench in a browser: its lessons, shoppers, switches and X-ray. */
export class BenchPage {
  readonly command: OpenLesson;
  readonly page: Page;
  readonly #heard: ReturnType<typeof listenTo>;
  #number = 1;

  constructor(command: OpenLesson, page: Page) {
    this.command = command;
    this.page = page;
    this.#heard = listenTo(page);
  }

  /** Opens a lesson as its starter, and waits until it is graded and both shoppers' pages are there. */
  async plays(number: number): Promise<void> {
    const { command, page } = this;
    this.#number = number;
    await page.goto(command.benchUrl);
    command.restore(number);
    await this.afterReload(() => page.getByRole('button', { name: `Lesson ${number}:` }).click());
    await page.locator('.step.fail').first().waitFor();
    for (const name of ['Ann', 'Ben']) await this.#isIn(name);
    // Otherwise a line may open by itself at the moment of a click.
    await page.locator('#follow').uncheck();
  }

  /** Waits until a shopper sees the shop. A page that a restart of the shop has broken off stays as it is: then the shopper goes there again. */
  async #isIn(name: string): Promise<void> {
    const footer = this.shop(name).locator('footer');
    const sees = () =>
      footer.waitFor({ timeout: AGAIN_MS }).then(
        () => true,
        () => this.goes(name, '/', { waits: false }).then(() => false),
      );
    await vi.waitUntil(sees, { timeout: 3 * LIMIT_MS, interval: 100 });
  }

  /** What the page shows now: each frame with its first words, and the newest requests, newest first. Saves a picture of it as well. */
  async seen(): Promise<string> {
    const { page } = this;
    const words = await Promise.all(
      page.frames().map(async (frame) => {
        const text = frame.evaluate<string>(`document.body.innerText.replace(/\\s+/g, ' ').slice(0, 150)`);
        const late = delay(AGAIN_MS, 'no answer');
        return `${frame.url()}: ${await Promise.race([text, late]).catch((error: Error) => error.message)}`;
      }),
    );
    const lines = await page.locator('details.x > summary').allInnerTexts();
    await page.screenshot({ path: join('.workshop', 'failed-page.png') });
    return [...words.slice(1), ...lines.slice(0, 8).map((line) => line.replace(/\s+/g, ' '))].join('\n');
  }

  /** Waits for the page that replaces this one. */
  async afterReload(act: () => Promise<void>): Promise<void> {
    await this.page.evaluate('document.body.dataset.old = "yes"');
    await act();
    await this.page.locator('body:not([data-old])').waitFor();
  }

  /** The hosts that the page requested, without this machine. */
  get otherHosts(): string[] {
    return [...this.#heard.hosts].filter((host) => !host.startsWith('127.0.0.1:'));
  }

  /** A shopper's page of the shop. */
  shop(name: string): FrameLocator {
    return this.page.frameLocator(`#shopper-${name.toLowerCase()} iframe`);
  }

  /** Sends a shopper to a path, and waits for the answer unless `waits` is false. */
  async goes(name: string, path: string, { waits = true } = {}): Promise<void> {
    const address = this.page.getByLabel(`${name} is at`);
    const last = await this.#newest();
    // Marks the current page, so that the next click is on the new one.
    const body = this.shop(name).locator('body');
    await body.evaluate((old) => void Object.assign((old as unknown as HasData).dataset, { old: 'yes' }));
    const arrived = this.page.waitForResponse(
      (response) =>
        response.request().resourceType() === 'document' && new URL(response.url()).pathname === path,
    );
    arrived.catch(() => {});
    // This also closes what is open above the shops.
    await address.focus();
    // In one step, because the bar may be drawn again between typing and Enter.
    await address.evaluate((input, to) => {
      const { form } = Object.assign(input as unknown as { form: { requestSubmit(): void } }, { value: to });
      form.requestSubmit();
    }, path);
    if (!waits) return;
    await arrived;
    await this.shop(name).locator('body:not([data-old])').waitFor({ state: 'attached' });
    await this.#hasLine(name, 'GET', path, last);
  }

  /** The number of the newest line of the X-ray. */
  #newest(): Promise<number> {
    return this.page.evaluate(
      `Math.max(0, ...[...document.querySelectorAll('details.x')].map((line) => Number(line.dataset.n)))`,
    );
  }

  /** Waits until the X-ray has an answered request with a number higher than `after`. */
  async #hasLine(name: string, method: string, path: string, after: number): Promise<void> {
    const there = () =>
      this.page.evaluate<boolean>(`[...document.querySelectorAll('details.x')].some((line) => {
        const words = (part) => line.querySelector(part)?.textContent.trim();
        return Number(line.dataset.n) > ${after} && !line.querySelector('.res.waits')
          && words('.who') === ${JSON.stringify(name)} && words('.req') === ${JSON.stringify(`${method} ${path}`)};
      })`);
    await expect.poll(there, { timeout: LIMIT_MS }).toBe(true);
  }

  /** Presses a switch. @param said the page's message about it */
  async press(label: string, said: RegExp | string): Promise<void> {
    const button = this.page.getByRole('button', { name: label, exact: true });
    if (!(await button.isVisible())) await this.page.getByText('More switches').click();
    // The message may already be there from before.
    await this.page.locator('#said').evaluate((words) => Object.assign(words, { textContent: '' }));
    await button.click();
    await this.page.locator('#said').getByText(said).waitFor();
  }

  /** The effects of switches that are still on. */
  leftOn(words: string): Locator {
    return this.page.locator('.left-on').getByText(words);
  }

  /** Saves our solution, and waits until every step passes. */
  async solves(): Promise<void> {
    this.command.solve(this.#number);
    await this.page.locator('.summary.pass').waitFor();
    await expect.poll(() => this.page.locator('.step.fail').count(), { timeout: LIMIT_MS }).toBe(0);
  }

  /** The lines of the X-ray that have all of these words, newest first. */
  lines(...words: readonly string[]): Locator {
    // Without the content of the lines, which has other text, and without pictures.
    const all = this.page.locator('details.x:not(.asset) > summary');
    return words.reduce((lines, text) => lines.filter({ hasText: text }), all);
  }

  /** The newest of these lines. */
  line(...words: readonly string[]): Locator {
    return this.lines(...words)
      .first()
      .locator('..');
  }

  /** Opens that line. @returns its content */
  async opens(...words: readonly string[]): Promise<Locator> {
    const newest = this.line(...words);
    await newest.waitFor();
    // A newer line with these words may come meanwhile.
    const line = this.page.locator(`#${await newest.getAttribute('id')}`);
    // Without a click, which may come while the line is drawn again.
    await line.evaluate((element) => Object.assign(element, { open: true }));
    const inside = line.locator('.x-in');
    await inside.waitFor();
    return inside;
  }

  /** Puts a product in the cart. */
  async adds(name: string, product = 'Enamel mug'): Promise<void> {
    const bought = this.lines(name, 'POST', '/cart', '303');
    const before = await bought.count();
    let last = 0;
    await this.#until(bought.nth(before), async () => {
      await this.goes(name, '/');
      last = await this.#newest();
      await this.#clicks(this.shop(name).getByRole('button', { name: `Add ${product} to cart` }));
    });
    await this.#hasLine(name, 'GET', '/cart', last);
  }

  cart(name: string): Locator {
    return this.shop(name).locator('.line h2');
  }

  /** Opens the menu for a shopper's browser and cookies. */
  async jar(name: string): Promise<Locator> {
    const jar = this.page.locator(`#jar-${name.toLowerCase()}`);
    await jar.locator('summary').click();
    return jar;
  }

  async logsIn(name: string): Promise<void> {
    const isIn = this.shop(name).locator('[data-user=u-ada], .account form').first();
    await this.#until(isIn, async () => {
      await this.goes(name, '/login');
      const shop = this.shop(name);
      await shop.getByLabel('Email').fill('ada@example.com');
      await shop.getByLabel('Password').fill('analytical-engine');
      await this.#clicks(shop.locator('form.fields button'));
    });
  }

  async logsOut(name: string): Promise<void> {
    const isOut = this.shop(name).getByRole('link', { name: 'Log in' });
    await this.#until(isOut, async () => {
      await this.goes(name, '/');
      if (await isOut.isVisible()) return;
      await this.#clicks(this.shop(name).getByRole('button', { name: 'Log out' }).first());
    });
  }

  /** Does something, and again when it fails: a shop that opens again replaces the page or breaks off its form. @param done is there when it has worked */
  async #until(done: Locator, act: () => Promise<void>): Promise<void> {
    const works = () =>
      act()
        .then(() => done.waitFor({ timeout: AGAIN_MS }))
        .then(
          () => true,
          () => false,
        );
    await vi.waitUntil(works, { timeout: 2 * LIMIT_MS, interval: 100 });
  }

  #clicks(button: Locator): Promise<void> {
    return button.click({ timeout: AGAIN_MS });
  }
}
