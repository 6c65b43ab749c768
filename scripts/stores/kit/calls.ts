import { inspect } from 'node:util';
import session, { type SessionData, type Store } from 'express-session';
import { errorInWords, plain, portable } from './portable.ts';
import type { Call, Outcome } from './protocol.ts';

type AnyMethod = (...args: unknown[]) => unknown;

/** Calls a method of a store, as express-session does, and tells what came of it. */
export async function callStore(store: Store, call: Call): Promise<Outcome> {
  const start = performance.now();
  let first: { args: unknown[]; ms: number } | undefined;
  let callbacks = 0;
  let threw: string | undefined;
  let rejected: string | undefined;
  await new Promise<void>((resolve) => {
    const limit = setTimeout(resolve, call.patience);
    const done = (...args: unknown[]) => {
      callbacks++;
      first ??= { args, ms: performance.now() - start };
      clearTimeout(limit);
      // One that calls back twice does so at once.
      setImmediate(() => setImmediate(resolve));
    };
    try {
      const method = (store as unknown as Record<string, AnyMethod>)[call.method] as AnyMethod;
      const promised = method.apply(store, [...argumentsOf(store, call), done]);
      if (promised instanceof Promise) {
        promised.catch((error) => {
          rejected = errorInWords(error);
          setImmediate(resolve);
        });
      }
    } catch (error) {
      threw = errorInWords(error);
      clearTimeout(limit);
      resolve();
    }
  });
  const [error, value] = first?.args ?? [];
  return {
    ...(threw === undefined ? {} : { threw }),
    ...(rejected === undefined ? {} : { rejected }),
    callbacks,
    ms: first?.ms ?? performance.now() - start,
    ...(error ? { error: errorInWords(error) } : {}),
    value: sent(value),
    args: inWords(first?.args ?? []),
  };
}

function argumentsOf(store: Store, { method, id, data = {}, maxAge }: Call): unknown[] {
  if (method === 'get' || method === 'destroy') return [id];
  if (method === 'set' || method === 'touch') return [id, newSession(store, id ?? '', data, maxAge)];
  return [];
}

/** A session as express-session would hand it to the store. */
function newSession(store: Store, id: string, data: object, maxAge: number | undefined): SessionData {
  const req = { sessionStore: store, sessionID: id };
  const { Session, Cookie } = session as unknown as {
    Session: new (req: object, data: object) => SessionData;
    Cookie: new (options: object) => session.Cookie;
  };
  const made = new Session(req, structuredClone(data));
  made.cookie = new Cookie(maxAge === undefined ? {} : { maxAge });
  return made;
}

/** A session of any class with its fields, everything else portable. */
function sent(value: unknown): unknown {
  const isSession = typeof value === 'object' && value !== null && 'cookie' in value;
  if (!isSession) return portable(value);
  const { cookie } = value as SessionData;
  return { ...plain(value), cookie: typeof cookie === 'object' && cookie ? plain(cookie) : portable(cookie) };
}

const WIDTH = 160;

function inWords(args: readonly unknown[]): string {
  const each = args.map((arg) =>
    arg instanceof Error
      ? errorInWords(arg)
      : inspect(arg, { depth: 1, breakLength: Number.POSITIVE_INFINITY }),
  );
  const words = `(${each.join(', ')})`.replaceAll(/\s+/g, ' ');
  return words.length > WIDTH ? `${words.slice(0, WIDTH)}…` : words;
}
