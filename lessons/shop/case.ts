import { createHash } from 'node:crypto';
import { sign } from 'cookie-signature';
import type { SessionData } from 'express-session';
import { catalogue } from './catalogue.ts';
import { users } from './users.ts';

declare module 'express-session' {
  interface SessionData {
    /** Marks an invented session of lesson 6, to distinguish it from a shopper's. */
    caseNumber?: number;
  }
}

/** A document of `shop.sessions`, as connect-mongodb-session writes it. */
export interface SessionDocument {
  readonly _id: string;
  readonly session: Partial<SessionData> & Pick<SessionData, 'cookie'>;
  readonly expires: Date;
}

/** Invented sessions to examine (lesson 6). The same number makes the same case on every machine. */
export interface Case {
  readonly number: number;
  readonly sessions: readonly SessionDocument[];
  /** The session of the cookie on the page. */
  readonly wanted: SessionDocument;
  /** The only session with a login. */
  readonly loggedIn: SessionDocument;
}

/** In milliseconds: ten years, so that no TTL index deletes a case during the lesson. */
const MAX_AGE = 3650 * 24 * 60 * 60 * 1000;
const SHOPPERS = 8;

/** Whether a case can be made from it: a whole number above zero. */
export function isCaseNumber(number: unknown): number is number {
  return Number.isSafeInteger(number) && Number(number) > 0;
}

/** Makes a case from its number alone: no clock and no chance. */
export function makeCase(number: number): Case {
  const hash = (what: string) => createHash('sha256').update(`case ${number}: ${what}`).digest();
  const draw = (what: string, below: number) => hash(what).readUInt32BE() % below;

  const document = (name: string, data: Partial<SessionData>): SessionDocument => {
    // Late in the evening UTC: east of Greenwich it is already the next day, to the west still afternoon.
    const [day, minute, second] = [draw(`${name} day`, 366), draw(`${name} minute`, 60), draw(name, 60)];
    const expires = new Date(Date.UTC(2036, 0, 1 + day, 23, minute, second, draw(`${name} ms`, 1000)));
    return {
      _id: hash(`${name} id`).subarray(0, 24).toString('base64url'),
      session: { cookie: cookieUntil(expires), caseNumber: number, ...data },
      expires,
    };
  };
  const cart = (name: string) => {
    const surely = draw(`${name} surely wants`, catalogue.length);
    return catalogue
      .filter(({ id }, i) => i === surely || draw(`${name} wants ${id}`, 3) === 0)
      .map(({ id }) => ({ productId: id, quantity: 1 + draw(`${name} how many ${id}`, 3) }));
  };

  const first = draw('user', users.length);
  const [here, left, old] = [0, 1, 2].map((i) => users[(first + i) % users.length]?.id ?? '');
  const wanted = document('wanted', { cart: cart('wanted') });
  const loggedIn = document('here', { cart: cart('here'), isLoggedIn: true, userId: here ?? '' });
  const sessions = [
    wanted,
    loggedIn,
    // A userId alone does not mean a login: these two have one as well.
    document('left', { cart: cart('left'), isLoggedIn: false, userId: left ?? '' }),
    document('old', { userId: old ?? '', flash: 'Please log in again.' }),
    ...Array.from({ length: SHOPPERS }, (_, i) => document(`shopper ${i}`, { cart: cart(`shopper ${i}`) })),
  ];
  // In the order of the IDs, so that a session's place in the list tells nothing.
  sessions.sort((a, b) => (a._id < b._id ? -1 : 1));
  return { number, sessions, wanted, loggedIn };
}

/** The session's cookie as browsers show it: `s:`, the ID, a dot and the signature, all URL-encoded. */
export function cookieValue(id: string, secret: string): string {
  return encodeURIComponent(`s:${sign(id, secret)}`);
}

/** The cookie's data as express-session passes them to a store. Unset values become null in MongoDB. */
function cookieUntil(expires: Date): SessionData['cookie'] {
  const cookie = {
    originalMaxAge: MAX_AGE,
    partitioned: null,
    priority: null,
    expires,
    secure: null,
    httpOnly: true,
    domain: null,
    path: '/',
    sameSite: null,
  };
  // The types have no null, but the documents do: look at any session in Compass.
  return cookie as unknown as SessionData['cookie'];
}
