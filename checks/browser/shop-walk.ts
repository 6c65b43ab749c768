import type { Page } from 'playwright-core';

/** The login of a test's customer in the finished shop. Each is unique. */
export interface Customer {
  readonly email: string;
  readonly password: string;
}

let customers = 0;

/** A customer that the shop does not know yet. */
export function newCustomer(): Customer {
  customers += 1;
  return { email: `customer-${process.pid}-${customers}@example.com`, password: 'four words will do well' };
}

/** Fills in the form of the page, /login or /signup, and sends it. */
export async function fillIn(page: Page, { email, password }: Customer): Promise<void> {
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.locator('main').getByRole('button').click();
}

export async function signUp(page: Page, url: string, customer = newCustomer()): Promise<Customer> {
  await page.goto(`${url}/signup`);
  await fillIn(page, customer);
  await page.getByRole('status').waitFor();
  return customer;
}

export async function logIn(page: Page, url: string, customer: Customer): Promise<void> {
  await page.goto(`${url}/login`);
  await fillIn(page, customer);
  await page.getByRole('status').waitFor();
}

/** Puts a product in the cart, on the shelf. The cart page follows. */
export async function addToCart(page: Page, url: string, name: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: `Add ${name} to cart` }).click();
  await page.getByRole('button', { name: `Remove ${name} from cart` }).waitFor();
}

/**
 * Visits every page of the finished shop, in every state that looks different.
 * @param look is called on each, with a name for it
 */
export async function walk(page: Page, url: string, look: (name: string) => Promise<void>): Promise<void> {
  const customer = newCustomer();
  const open = async (path: string, name: string) => {
    await page.goto(url + path);
    await look(name);
  };
  const press = (name: string) => page.getByRole('button', { name }).click();
  const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();

  await open('/', 'the shelf, without a session');
  await open('/cart', 'an empty cart');
  await open('/login', 'login');
  await fillIn(page, { ...customer, password: 'not the one' });
  await page.getByRole('alert').waitFor();
  await look('login, refused');
  await open('/signup', 'sign-up');
  // Without the browser's validation, so that the shop's own messages are shown.
  await page.locator('main form').evaluate((form) => form.setAttribute('novalidate', ''));
  await fillIn(page, { email: 'nobody', password: 'short' });
  await page.locator('#password-problem').waitFor();
  await look('sign-up, with problems');
  await open('/not-there', 'a page that is not there');

  await addToCart(page, url, 'Enamel mug');
  await look('a cart with a message');
  await signUp(page, url, customer);
  await look('a cart after the sign-up');
  await addToCart(page, url, 'Stoneware teapot');
  await page.getByLabel('A note to the packer').fill('The teapot is a present. Please take good care of it.');
  await press('Keep the note');
  await heading('Your cart');
  await look('a cart with a note');
  await press('Order for');
  await heading('Your order');
  await look('an order');
  await open('/', 'the shelf, logged in');
  await open('/orders', 'the orders');
  await open('/account', 'the account');
  await open('/account/devices', 'one device');
  await elsewhere(page, url, customer);
  await open('/account/devices', 'two devices');
  await page
    .locator('.device form [name=csrf]')
    .first()
    .evaluate((token) => token.remove());
  await press('Sign out A browser');
  await heading('This page was out of date');
  await look('a form without its token');
}

/** Logs the same customer in elsewhere, without a browser. */
async function elsewhere(page: Page, url: string, customer: Customer): Promise<void> {
  const body = new URLSearchParams({ ...customer });
  const { status } = await fetch(`${url}/login`, { method: 'POST', body, redirect: 'manual' });
  if (status !== 303) throw new Error(`The second login of ${page.url()} was answered with ${status}.`);
}
