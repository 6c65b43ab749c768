import { createHash } from 'node:crypto';
import { sign } from 'cookie-signature';
import type { SessionData } from 'express-session';
import { catalogue } from './catalogue.ts';
import { users } from './users.ts';

declare module 'express-session' {
  interface SessionData {
    /** Marks a made-up session of lesson 6, so that it can be told from a shopper's. */
    caseNumber?: number;
  }
}

/** A document of `shop.sessions`, as connect-mongodb-session writes it. */
export interface SessionDocument {
  readonly _id: string;
  readonly session: Partial<SessionData> & Pick<SessionData, 'cookie'>;
  readonly expires: Date;
}

/** Made-up sessions to look into (lesson 6). The same number makes the same case, on every machine. */
export interface Case {
  readonly number: number;
  readonly sessions: readonly SessionDocument[];
  /** The session that the cookie on the page belongs to. */
  readonly wanted: SessionDocument;
  /** The one session of somebody who is logged in. */
  readonly loggedIn: SessionDocument;
}

/** Ten years: no TTL index clears a case away while somebody looks at it. */
const MAX_AGE = 3650 * 24 * 60 * 60 * 1000;
const SHOPPERS = 8;

/** Whether a case can be made of it: a whole number above zero. */
export function isCaseNumber(number: unknown): number is number {
  return Number.isSafeInteger(number) && Number(number) > 0;
}

/** Makes a case of its number. Nothing else goes in: no clock and no chance. */
export function makeCase(number: number): Case {
  const hash = (what: string) => createHash('sha256').update(`case ${number}: ${what}`).digest();
  const draw = (what: string, below: number) => hash(what).readUInt32BE() % below;

  const document = (name: string, data: Partial<SessionData>): SessionDocument => {
    // Always late in the evening: east of Greenwich it is the next day by then, and west of it still afternoon.
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
    // A userId alone logs nobody in: these two have one as well.
    document('left', { cart: cart('left'), isLoggedIn: false, userId: left ?? '' }),
    document('old', { userId: old ?? '', flash: 'Please log in again.' }),
    ...Array.from({ length: SHOPPERS }, (_, i) => document(`shopper ${i}`, { cart: cart(`shopper ${i}`) })),
  ];
  // By ID, which looks like chance: nobody finds the wanted one by its place in the list.
  sessions.sort((a, b) => (a._id < b._id ? -1 : 1));
  return { number, sessions, wanted, loggedIn };
}

/** The session's cookie as a browser shows it: `s:`, the ID, a dot, the signature, and all of it URL-encoded. */
export function cookieValue(id: string, secret: string): string {
  return encodeURIComponent(`s:${sign(id, secret)}`);
}

/** What express-session hands to a store about the cookie. What nobody set arrives in MongoDB as null. */
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
  // The types know no null here. It is there all the same: look at any session in Compass.
  return cookie as unknown as SessionData['cookie'];
}
