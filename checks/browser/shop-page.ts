import type { BrowserContext, Page } from 'playwright-core';

/** What a page of the shop shows of a shopper's visit. */
export interface Seen {
  /** The names of the products in the cart. Only the cart page has any. */
  readonly cart: string[];
  /** The ticket's number in the header, which is the session's ID. Empty without a session. */
  readonly ticket: string;
  readonly ticketWords: string;
  /** The process that served the page. */
  readonly pid: number;
}

export async function look(page: Page): Promise<Seen> {
  return {
    cart: await page.locator('.line h2').allTextContents(),
    ticket: (await page.locator('header.top').getAttribute('data-session')) ?? '',
    ticketWords: ((await page.locator('.ticket-words').textContent()) ?? '').replace(/\s+/g, ' '),
    pid: Number(await page.locator('footer').getAttribute('data-pid')),
  };
}

/** Opens the shop and puts the mug in the cart, which leads to the cart page. */
export async function buyMug(page: Page, url: string): Promise<Seen> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Add Enamel mug to cart' }).click();
  await page.waitForURL(`${url}/cart`);
  return look(page);
}

/** The session's ID, from the browser's cookie: `s:<id>.<signature>`, URL-encoded. */
export async function idInCookie(context: BrowserContext): Promise<string> {
  const cookie = (await context.cookies()).find(({ name }) => name === 'connect.sid');
  if (!cookie) throw new Error('The browser has no cookie connect.sid.');
  if (!cookie.httpOnly) throw new Error('The cookie connect.sid is not HttpOnly: a script could read it.');
  const [, id] = /^s:([^.]+)\../.exec(decodeURIComponent(cookie.value)) ?? [];
  if (!id) throw new Error(`The cookie is not s:<id>.<signature>: ${cookie.value}`);
  return id;
}
