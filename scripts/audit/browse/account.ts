import { randomBytes } from 'node:crypto';

/** A user that the audit makes, or that a flow file names. */
export interface Account {
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** A user nobody has, with a password that usual rules accept. Letters and digits only, where apps are strict about names. */
export function newAccount(): Account {
  const id = randomBytes(4).toString('hex');
  return {
    username: `audit${id}`,
    email: `audit${id}@example.com`,
    password: `Aud1t-${randomBytes(6).toString('hex')}!Q`,
    name: `Auditor${id.replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '')}`,
  };
}

/** Fills the places {username}, {email}, {password} and {name} of a value. */
export function fillIn<T>(value: T, account: Account, password = account.password): T {
  if (typeof value === 'string') {
    const values: Record<string, string> = { ...account, password };
    return value.replace(/\{(username|email|password|name)\}/g, (_, key: string) => values[key] ?? '') as T;
  }
  if (Array.isArray(value)) return value.map((each) => fillIn(each, account, password)) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, fillIn(each, account, password)]),
    ) as T;
  return value;
}

/** Whether a text names the account: what a page shows to nobody else. */
export const namesAccount = (text: string, { username, email, name }: Account): boolean =>
  [username, email, name].some((each) => each.length >= 6 && text.includes(each));
