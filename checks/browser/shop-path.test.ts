import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type ShopTheatre } from '../shop/open-stage.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { focused, listenTo, tabToButton } from './page-facts.ts';
import { addToCart, fillIn, logIn, newCustomer, signUp } from './shop-walk.ts';

describe.skipIf(noBrowser)('the finished shop', () => {
  useBrowser();

  let theatre: ShopTheatre;
  let url: string;
  beforeAll(async () => {
    theatre = await openStage();
    url = await theatre.stage.shop.opened();
  });
  afterAll(() => theatre?.close());

  /** Waits for the page's message, which may come later. */
  const says = (page: Page, words: string) =>
    page.getByRole('status').getByText(words, { exact: true }).waitFor();
  const title = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

  /** A shopper's path from the shelf to the logout. */
  async function shop(page: Page): Promise<void> {
    const customer = newCustomer();
    await page.goto(url);
    await addToCart(page, url, 'Enamel mug');
    await says(page, 'Enamel mug: it is in your cart.');
    await page.reload();
    expect(await page.getByRole('status').count()).toBe(0);

    await page.getByRole('link', { name: 'or sign up' }).click();
    await fillIn(page, customer);
    await says(page, 'Welcome. Your account is made, and you are logged in.');
    await expect.poll(() => page.locator('.line h2').allTextContents()).toEqual(['Enamel mug']);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL(`${url}/`);
    await page.getByRole('link', { name: 'Log in' }).click();
    await fillIn(page, { ...customer, password: 'another one altogether' });
    expect(await page.getByRole('alert').textContent()).toBe(
      'There is no account with this email and password.',
    );
    await fillIn(page, customer);
    await says(page, 'Welcome back.');

    await addToCart(page, url, 'Desk lamp');
    await page.getByLabel('A note to the packer').fill('Ring twice.');
    await page.getByRole('button', { name: 'Keep the note' }).click();
    await page.getByRole('button', { name: 'Order for $54.00' }).click();
    await says(page, 'Thank you. Your order is written down.');
    expect(await title(page)).toBe('Your order');
    await page.getByText('Your note: Ring twice.').waitFor();
    await page.getByRole('link', { name: 'Your orders' }).click();
    await expect.poll(() => page.locator('.orders li').count()).toBe(1);

    await page.goto(`${url}/account/devices`);
    await page.getByText('this one', { exact: true }).waitFor();
    await page.getByRole('banner').getByRole('button', { name: 'Log out' }).click();
    await page.getByText('No session yet').waitFor();
    await page.goto(`${url}/account`);
    expect(await title(page)).toBe('Log in');
  }

  it('is walked through by a shopper, from the shelf to the logout', async () => {
    const { page } = await newWindow();
    const heard = listenTo(page);
    await shop(page);
    // Chromium reports the refused login, which is intended.
    expect(heard.errors.filter((error) => !error.includes('401'))).toEqual([]);
    expect([...heard.hosts]).toEqual([new URL(url).host]);
  });

  it('is walked through without JavaScript as well', async () => {
    const { page } = await newWindow({ javaScriptEnabled: false });
    await shop(page);
  });

  it('shows nothing of an account after the logout, not even by "Back"', async () => {
    const { page } = await newWindow();
    const { email } = await signUp(page, url);
    await page.goto(`${url}/account`);
    await page.getByText(email).waitFor();
    await page.locator('main').getByRole('button', { name: 'Log out' }).click();
    await page.getByText('No session yet').waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await page.content()).not.toContain(email);
  });

  it('lets one browser sign the other out', async () => {
    const [here, there] = [await newWindow(), await newWindow()];
    const customer = await signUp(here.page, url);
    await logIn(there.page, url, customer);
    await addToCart(there.page, url, 'Sandglass');

    await here.page.goto(`${url}/account/devices`);
    await expect.poll(() => here.page.locator('.device').count()).toBe(2);
    await here.page.getByRole('button', { name: 'Sign out all others' }).click();
    await says(here.page, 'Signed out elsewhere: 1.');
    await expect.poll(() => here.page.locator('.device').count()).toBe(1);

    await there.page.goto(`${url}/account`);
    expect(await title(there.page)).toBe('Log in');
    await here.page.goto(`${url}/account`);
    expect(await title(here.page)).toBe('Your account');
  });

  it('keeps its cookie from scripts and from other sites', async () => {
    const { page, context } = await newWindow();
    await signUp(page, url);
    const cookies = await context.cookies();
    expect(cookies).toEqual([
      expect.objectContaining({ name: 'session', httpOnly: true, sameSite: 'Lax', path: '/' }),
    ]);
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  it('sells by keyboard alone, and every place that the focus comes to can be seen', async () => {
    const { page } = await newWindow();
    const { email, password } = newCustomer();
    await page.goto(`${url}/signup`);
    await tabTo(page, 'input');
    await page.keyboard.type(email);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your account' }).waitFor();

    await page.goto(url);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // Skip to the content
    expect(await tabToButton(page)).toBe('Add Enamel mug to cart');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your cart' }).waitFor();
    for (const label of ['Log out', 'Remove Enamel mug from cart', 'Keep the note', 'Order for $14.00'])
      expect(await tabToButton(page)).toBe(label);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your order' }).waitFor();
    expect(await tabToButton(page)).toBe('Log out');
    await page.keyboard.press('Enter');
    await page.getByText('No session yet').waitFor();
  });

  /** Presses Tab until such an element has the focus. */
  async function tabTo(page: Page, element: string): Promise<void> {
    for (let times = 0; times < 20; times++) {
      await page.keyboard.press('Tab');
      const focus = await focused(page);
      expect(focus).toMatchObject({ visible: true });
      if (focus.element === element) return;
    }
    throw new Error(`Tab came to no ${element}.`);
  }
});
