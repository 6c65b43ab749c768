import { setImmediate as afterTurn } from 'node:timers/promises';
import { inspect, types } from 'node:util';
import session, { type SessionData, type Store } from 'express-session';
import { describeError, plain, portable } from './portable.ts';
import type { Call, Outcome } from './protocol.ts';
import { noteRejection } from './rejections.ts';

type AnyMethod = (...args: unknown[]) => unknown;

/** Calls a method of a store as express-session does. @returns the outcome, after watching for `watchMs` after the callback */
export async function callStore(store: Store, call: Call): Promise<Outcome> {
  const start = performance.now();
  let first: { args: unknown[]; ms: number } | undefined;
  let callbacks = 0;
  let threw: string | undefined;
  let rejected: string | undefined;
  let promised: unknown;
  await new Promise<void>((resolve) => {
    const limit = setTimeout(resolve, call.limitMs);
    const done = (...args: unknown[]) => {
      callbacks++;
      first ??= { args, ms: performance.now() - start };
      clearTimeout(limit);
      // Most stores that call back twice do so at once.
      if (call.watchMs === undefined) setImmediate(() => setImmediate(resolve));
      else if (callbacks === 1) setTimeout(resolve, call.watchMs);
    };
    try {
      const method = (store as unknown as Record<string, AnyMethod>)[call.method] as AnyMethod;
      promised = method.apply(store, [...argumentsOf(store, call), done]);
      if (types.isPromise(promised)) {
        noteRejection(promised, (reason) => {
          rejected = describeError(reason);
          setImmediate(resolve);
        });
      }
    } catch (error) {
      threw = describeError(error);
      clearTimeout(limit);
      resolve();
    }
  });
  const isFulfilled =
    callbacks === 0 &&
    types.isPromise(promised) &&
    (await Promise.race([isKept(promised), afterTurn(false)]));
  const [error, value] = first?.args ?? [];
  return {
    ...(threw === undefined ? {} : { threw }),
    ...(rejected === undefined ? {} : { rejected }),
    ...(isFulfilled ? { isFulfilled } : {}),
    callbacks,
    ms: first?.ms ?? performance.now() - start,
    ...(error ? { error: describeError(error) } : {}),
    value: sent(value),
    args: describeArguments(first?.args ?? []),
  };
}

const isKept = (promise: Promise<unknown>) =>
  promise.then(
    () => true,
    () => false,
  );

const CHANGED = 'set() itself has changed the session that it was given';
const STORED = 'in the store was ';

interface Drawer {
  mug?: number;
  drawer?: { items: string[] };
}

/**
 * Changes a session that get() returned and one that was passed to set(), and saves neither. Looks for the changes in the store, and
 * for changes that set() made.
 * @param ids of sessions that do not exist yet @returns a line for each change that was found
 */
export async function changeOutside(store: Store, [id, given]: readonly [string, string]): Promise<string[]> {
  const get = (of: string) =>
    new Promise<Drawer>((resolve, reject) =>
      store.get(of, (error, found) =>
        error || !found ? reject(error ?? new Error('get() found nothing')) : resolve(found as Drawer),
      ),
    );
  const set = (of: string) => {
    const session = newSession(store, of, { drawer: { items: [] } }, 600_000);
    const { cookie } = session;
    const names = Object.keys(session);
    return new Promise<Drawer>((resolve, reject) =>
      store.set(of, session, (error) => {
        if (error) return reject(error);
        const added = Object.keys(session).filter((name) => !names.includes(name));
        if (added.length) lines.add(`${CHANGED} by the fields ${added.join(', ')}`);
        if (session.cookie !== cookie)
          lines.add(`${CHANGED}: its cookie is another object, and no Cookie of express-session`);
        resolve(session as Drawer);
      }),
    );
  };
  const lines = new Set<string>();
  await set(id);
  const changed = [
    { by: 'of what get() gave', of: id, session: await get(id) },
    { by: 'after set()', of: given, session: await set(given) },
  ];
  for (const { by, of, session } of changed) {
    session.mug = 1;
    session.drawer?.items.push('mug');
    const { mug, drawer } = await get(of);
    if (mug !== undefined) lines.add(`${STORED}a field that was added ${by}`);
    if (drawer?.items.length) lines.add(`${STORED}an element that was added to an array ${by}`);
  }
  return [...lines];
}

function argumentsOf(store: Store, { method, id, data = {}, maxAge }: Call): unknown[] {
  if (method === 'get' || method === 'destroy') return [id];
  if (method === 'set' || method === 'touch') return [id, newSession(store, id ?? '', data, maxAge)];
  return [];
}

/** A session as express-session passes it to the store. */
function newSession(store: Store, id: string, data: object, maxAge: number | undefined): SessionData {
  const req = { sessionStore: store, sessionID: id };
  const { Session, Cookie } = session as unknown as {
    Session: new (req: object, data: object) => SessionData;
    Cookie: new (options: object) => session.Cookie;
  };
  const made = new Session(req, data);
  made.cookie = new Cookie(maxAge === undefined ? {} : { maxAge });
  return made;
}

/** A session of any class as its fields; any other value portable. */
function sent(value: unknown): unknown {
  const isSession = typeof value === 'object' && value !== null && 'cookie' in value;
  if (!isSession) return portable(value);
  const { cookie } = value as SessionData;
  return { ...plain(value), cookie: typeof cookie === 'object' && cookie ? plain(cookie) : portable(cookie) };
}

const WIDTH = 160;

function describeArguments(args: readonly unknown[]): string {
  const each = args.map((arg) =>
    arg instanceof Error
      ? describeError(arg)
      : inspect(arg, { depth: 1, breakLength: Number.POSITIVE_INFINITY }),
  );
  const words = `(${each.join(', ')})`.replaceAll(/\s+/g, ' ');
  return words.length > WIDTH ? `${words.slice(0, WIDTH)}…` : words;
}
