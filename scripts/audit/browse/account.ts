import { randomBytes, randomInt } from 'node:crypto';

/** A user that the audit makes, or that a flow file names. */
export interface Account {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly phone: string;
}

/**
 * A new user with a password that usual rules accept. Names have only letters, and 10
 * characters at most, for strict apps.
 */
export function newAccount(): Account {
  const letters = [...randomBytes(7)].map((byte) => 'abcdefghijklmnop'[byte % 16]).join('');
  return {
    username: `ann${letters}`,
    email: `ann${letters}@example.com`,
    password: `Aud1t-${randomBytes(6).toString('hex')}!Q`,
    name: `Ann${letters}`,
    // A ten-digit number of the United States, in an existing area.
    phone: `202555${String(randomInt(10_000)).padStart(4, '0')}`,
  };
}

/** Replaces the placeholders {username}, {email}, {password}, {name} and {phone} of a value. */
export function fillIn<T>(value: T, account: Account, password = account.password): T {
  if (typeof value === 'string') {
    const values: Record<string, string> = { ...account, password };
    return value.replace(
      /\{(username|email|password|name|phone)\}/g,
      (_, key: string) => values[key] ?? '',
    ) as T;
  }
  if (Array.isArray(value)) return value.map((each) => fillIn(each, account, password)) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, fillIn(each, account, password)]),
    ) as T;
  return value;
}

/** Whether a text names the account, as a page for this user does. */
export const namesAccount = (text: string, { username, email, name }: Account): boolean =>
  [username, email, name].some((each) => each.length >= 6 && text.includes(each));
