import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

/** The browser that `npm run test:browser` found. Without that command there is none, and its tests are skipped. */
const executablePath = process.env.WORKSHOP_BROWSER;
export const noBrowser = !executablePath;

let browser: Browser;

/** One browser for a file of tests. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: executablePath as string,
      headless: true,
      // No sandbox: containers rarely allow one, and these pages are our own. The rest keeps it off the network.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
      timeout: 60_000,
    });
  }, 90_000);
  afterAll(() => browser?.close());
}

/** A browser window with cookies of its own, for as long as the test runs. */
export async function newWindow(options?: Parameters<Browser['newContext']>[0]): Promise<{
  context: BrowserContext;
  page: Page;
}> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  context.setDefaultTimeout(60_000);
  return { context, page: await context.newPage() };
}
