import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '#shop/catalogue.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { focused, listenTo, sideways, tabToButton } from './page-facts.ts';
import { serveShop } from './served-shop.ts';
import { look } from './shop-page.ts';

// 240 is the width of a shopper's frame in the narrowest workbench.
const WIDTHS = [240, 320, 360, 768, 1280];
const IN_CART = catalogue.slice(0, 3);

/** How to open each page. */
const PAGES: Record<string, (page: Page, url: string) => Promise<void>> = {
  'the shop': async (page, url) => {
    await page.goto(url);
  },
  'the empty cart': async (page, url) => {
    await page.goto(`${url}/cart`);
  },
  'the full cart': async (page, url) => {
    for (const { name } of IN_CART) {
      await page.goto(url);
      await page.getByRole('button', { name: `Add ${name} to cart` }).click();
      await page.waitForURL('**/cart');
    }
    expect((await look(page)).cart).toEqual(IN_CART.map(({ name }) => name));
  },
  'a problem page': async (page, url) => {
    expect((await page.goto(`${url}/not-there`))?.status()).toBe(404);
  },
  'the store bench': async (page, url) => {
    await page.goto(`${url}/store`);
  },
  'the store bench with a session': async (page, url) => {
    await page.goto(`${url}/store`);
    await page.getByRole('button', { name: 'Put a session in' }).click();
    await page.locator('.bench[data-found=yes]').waitFor();
  },
  'the store bench without the session': async (page, url) => {
    await page.goto(`${url}/store/4f6a1c52-9f0e-4d0c-8a53-0c8d1f1b7e21`);
    await page.locator('.bench[data-found=no]').waitFor();
  },
  'the store bench with an error': async (page, url) => {
    await page.goto(`${url}/broken-store/4f6a1c52-9f0e-4d0c-8a53-0c8d1f1b7e21`);
    await page.getByRole('alert').waitFor();
  },
};

describe.skipIf(noBrowser)('the pages', () => {
  useBrowser();

  let url: string;
  beforeAll(async () => {
    const shop = await serveShop();
    url = shop.url;
    return shop.close;
  });

  it.each(Object.entries(PAGES))(
    '%s scrolls sideways at no width, brings no error to the console and asks no other host',
    async (_name, open) => {
      const { page } = await newWindow();
      const heard = listenTo(page);
      await open(page, url);
      await page.waitForLoadState('networkidle');
      expect(heard.errors).toEqual([]);
      expect([...heard.hosts]).toEqual([new URL(url).host]);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect({ width, ...(await sideways(page)) }).toEqual({
          width,
          room: width,
          tooWide: [],
          needed: width,
        });
      }
    },
  );

  it('sells by keyboard alone', async () => {
    const { page } = await newWindow();
    await page.goto(url);
    expect(await tabToButton(page)).toBe(`Add ${catalogue[0]?.name} to cart`);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/cart`);
    expect((await look(page)).cart).toEqual([catalogue[0]?.name]);

    expect(await tabToButton(page)).toBe(`Remove ${catalogue[0]?.name} from cart`);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your cart is empty' }).waitFor();
  });

  it('lets a keyboard skip the header', async () => {
    const { page } = await newWindow();
    await page.goto(url);
    await page.keyboard.press('Tab');
    const skip = page.getByRole('link', { name: 'Skip to the content' });
    expect(await skip.evaluate((link) => link.getBoundingClientRect().top)).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toMatchObject({ label: `Add ${catalogue[0]?.name} to cart` });
  });
});
