import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

/** The browser that `npm run test:browser` found. With another command it is undefined, and browser tests are skipped. */
const executablePath = process.env.WORKSHOP_BROWSER;
export const noBrowser = !executablePath;

let browser: Browser;

const launching = (more: readonly string[]) => ({
  executablePath: executablePath as string,
  headless: true,
  // Without a sandbox, because containers rarely allow one. The other switches keep it off the network.
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...more,
  ],
  timeout: 60_000,
});

/**
 * One browser for a file of tests.
 * @param more additional switches of the browser
 */
export function useBrowser(...more: readonly string[]): void {
  beforeAll(async () => {
    browser = await chromium.launch(launching(more));
  }, 90_000);
  afterAll(() => browser?.close());
}

/** A window of a separate browser that keeps its cookies on disk, as people's browsers do, until the test ends. */
export async function ordinaryWindow(...more: readonly string[]): Promise<Page> {
  const folder = mkdtempSync(join(tmpdir(), 'ordinary-window-'));
  mkdirSync(join(folder, 'Default'));
  // Debian's Chromium blocks cookies of embedded sites without this setting. Chrome's default does not.
  const preferences = { profile: { cookie_controls_mode: 0 } };
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(folder, {
    ...launching(more),
    ignoreHTTPSErrors: true,
  });
  onTestFinished(async () => {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return await context.newPage();
}

/** A browser window for all tests of a file. */
export async function sharedWindow(options?: Parameters<Browser['newContext']>[0]): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(60_000);
  return context.newPage();
}

/** A browser window with its own cookies, until the test ends. */
export async function newWindow(options?: Parameters<Browser['newContext']>[0]): Promise<{
  context: BrowserContext;
  page: Page;
}> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  context.setDefaultTimeout(60_000);
  return { context, page: await context.newPage() };
}
