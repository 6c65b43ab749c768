import { randomUUID } from 'node:crypto';
import { EnvironmentError } from '../../shared/errors.ts';

/** A visitor with a session: what their requests carry. */
export interface Visitor {
  readonly cookie: string;
  readonly csrf: string;
}

/** A visitor with a cart. */
export async function visitorWithCart(url: string): Promise<Visitor> {
  return begin(url, '/cart', { product: 'mug' });
}

/** A customer who has just signed up, and has a cart. */
export async function customerWithCart(url: string): Promise<Visitor> {
  const customer = await begin(url, '/signup', {
    email: `${randomUUID()}@example.com`,
    password: 'four words will do well',
  });
  await send(url, '/cart', { product: 'mug', csrf: customer.csrf }, customer.cookie);
  // The message of the change is shown once; the measurement comes after it.
  await send(url, '/cart', undefined, customer.cookie);
  return customer;
}

async function begin(url: string, path: string, form: Record<string, string>): Promise<Visitor> {
  const { cookie } = await send(url, path, form);
  const { text } = await send(url, '/cart', undefined, cookie);
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1];
  if (!csrf) throw new EnvironmentError(`The shop gave no session for POST ${path}.`);
  return { cookie, csrf };
}

/**
 * One request, as a browser would send it, without following its redirect. It ends with the last byte: what
 * the shop stores is stored before that.
 * @throws EnvironmentError when the answer is an error
 */
export async function send(url: string, path: string, form?: Record<string, string>, cookie = '') {
  const answer = await fetch(url + path, {
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    headers: { cookie },
    redirect: 'manual',
  });
  const text = await answer.text();
  if (answer.status >= 400)
    throw new EnvironmentError(
      `The shop answered ${path} with ${answer.status}: there is nothing to measure.`,
    );
  return { text, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
}
