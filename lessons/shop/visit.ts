import { createHash } from 'node:crypto';
import type { Request } from 'express';
import session, { type Store } from 'express-session';
import { cartCount } from './cart.ts';
import { sessionOf } from './request-session.ts';
import { findUser } from './users.ts';

/** What the header and the footer of every page show about the visit. */
export interface Visit {
  /** Empty while nothing is stored for this visitor. */
  readonly sessionId: string;
  readonly shortId: string;
  readonly mark: Mark;
  readonly userName: string | undefined;
  readonly cartCount: number;
  readonly store: SessionHome;
  /** The request's protocol and address, as far as the shop believes the proxies. */
  readonly way: { readonly protocol: string; readonly ip: string };
}

/** Describes a visit without changing its session. */
export function describeVisit(req: Request): Visit {
  const current = sessionOf(req);
  const sessionId = current && holdsSomething(current) ? req.sessionID : '';
  return {
    sessionId,
    shortId: sessionId.slice(0, 6),
    mark: markOf(sessionId),
    userName: current?.isLoggedIn ? findUser(current.userId)?.name : undefined,
    // Accepts any value: a header that breaks would hide the error in the code that stored it.
    cartCount: Array.isArray(current?.cart) ? cartCount(current.cart) : 0,
    store: sessionHome(req.sessionStore),
    way: { protocol: req.protocol, ip: req.ip ?? 'nowhere' },
  };
}

/** express-session creates a session for every request. With only its cookie in it, it is not stored. */
function holdsSomething(current: Request['session']): boolean {
  return Object.keys(current).some((key) => key !== 'cookie');
}

/** A small picture made from an ID, to distinguish two browser windows at a glance. */
export interface Mark {
  readonly color: string;
  readonly cells: readonly { readonly x: number; readonly y: number }[];
}

/** Five rows of five cells, the left half mirrored to the right. The same ID gives the same mark. */
export function markOf(id: string): Mark {
  const [hue = 0, ...bytes] = createHash('sha256').update(id).digest();
  const cells = [0, 1, 2, 3, 4].flatMap((y) =>
    [0, 1, 2, 3, 4].filter((x) => (bytes[y * 3 + Math.min(x, 4 - x)] ?? 0) % 2 === 0).map((x) => ({ x, y })),
  );
  return { color: `hsl(${Math.round((hue * 360) / 256)} 60% 36%)`, cells };
}

/** Where the sessions are stored. */
export interface SessionHome {
  readonly kind: 'nowhere' | 'memory' | 'mongodb' | 'redis' | 'other';
  readonly label: string;
}

function sessionHome(outer: Request['sessionStore'] | undefined): SessionHome {
  if (!outer) return { kind: 'nowhere', label: 'nowhere yet: HTTP forgets' };
  // A store may wrap the one that keeps the sessions (lesson 12).
  const { store = outer } = outer as { store?: Store };
  if (store instanceof session.MemoryStore) return { kind: 'memory', label: 'this process’s memory' };
  // A connect-mongodb-session store has the driver's collection, which knows its full name.
  const { collection } = store as { collection?: { namespace?: string } };
  if (collection?.namespace) return { kind: 'mongodb', label: `MongoDB, ${collection.namespace}` };
  // A connect-redis store knows the prefix of its keys.
  const { prefix } = store as { prefix?: string };
  if (prefix) return { kind: 'redis', label: `Redis, ${prefix}*` };
  return { kind: 'other', label: store.constructor.name };
}
