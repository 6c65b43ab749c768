import type { Document } from 'mongodb';

/** A session as connect-mongodb-session stores it: a cookie, a name, a small cart. Each has an `_id` of its own, and all are 312 bytes of BSON. */
export function sessionDocument(i: number): Document & { _id: string } {
  const expires = new Date(Date.UTC(2099, 0, 1) + i);
  return {
    _id: String(i).padStart(32, 's'),
    expires,
    session: {
      cookie: {
        originalMaxAge: 1_209_600_000,
        partitioned: null,
        priority: null,
        expires,
        secure: null,
        httpOnly: true,
        domain: null,
        path: '/',
        sameSite: 'lax',
      },
      isLoggedIn: true,
      userName: 'Ann',
      cart: [
        { id: 'tea', count: 2 },
        { id: 'mug', count: 1 },
      ],
    },
  };
}
