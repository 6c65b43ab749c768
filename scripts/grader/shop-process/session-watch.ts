// What express-session was asked to do in a shop process: evidence for the cause of a failing step, and never for its verdict.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { WatchCalls } from './provide.ts';
import type { RequestFacts, SessionCall, SessionFacts } from './session-facts.ts';

/** What is remembered of requests: the last ones, which a step is about. */
const KEPT = 60;

type Fields = Record<string, unknown>;
type Request = IncomingMessage & Fields;
type Middleware = (req: Request, res: ServerResponse, next: (error?: unknown) => void) => void;
type SessionFunction = ((options?: Fields) => Middleware) & {
  readonly Session: { readonly prototype: Fields };
};

const calls: { readonly call: Omit<SessionCall, 'touches'>; readonly store: unknown }[] = [];
const requests: RequestFacts[] = [];
const factsOf = new WeakMap<object, RequestFacts>();

/** All that was seen in this process. */
export function sessionFacts(): SessionFacts {
  const told = calls.map(({ call, store }) => ({
    ...call,
    touches: typeof (store as { touch?: unknown } | undefined)?.touch === 'function',
  }));
  return { calls: told, requests };
}

/** express-session, with a note taken of each call. It works as it does without. */
export function watched(session: SessionFunction, watchCalls: WatchCalls): SessionFunction {
  watchMethods(session.Session.prototype);
  return watchCalls(
    session,
    (options?: Fields) => calls.push({ call: callOf(options), store: options?.store }),
    watchedMiddleware,
  );
}

function watchedMiddleware(middleware: Middleware): Middleware {
  return function session(req, res, next) {
    const facts = factsOf.get(req);
    const had = req.session !== undefined && req.session !== null;
    let passed = false;
    return middleware(req, res, (error) => {
      // It also calls next() with an error of the store when the answer has been sent.
      if (facts && !passed) {
        if (had) facts.events.push('second session()');
        else if (error) facts.events.push('no session: error');
        else facts.events.push(req.session ? 'session' : 'no session: path');
        watchEnd(req, res, facts);
      }
      passed = true;
      next(error);
    });
  };
}

/** Notes when the answer is ended by whoever answers. express-session, which is passed by then, may save first and send later. */
function watchEnd(req: Request, res: ServerResponse, facts: RequestFacts): void {
  const { end } = res;
  res.end = ((...args: Parameters<typeof end>) => {
    noteEnd(req, facts);
    return end.apply(res, args);
  }) as typeof end;
}

function noteEnd(req: Request, facts: RequestFacts): void {
  if (facts.events.includes('end')) return;
  facts.events.push('end');
  Object.assign(facts, endOf(req));
}

/** Notes when a method of req.session begins and when it calls back. */
function watchMethods(prototype: Fields): void {
  for (const name of ['regenerate', 'destroy', 'save', 'reload'] as const) {
    const method = prototype[name] as (this: Fields, callback?: unknown) => unknown;
    const noted = function (this: Fields, callback?: unknown) {
      const facts = factsOf.get((this.req as object | undefined) ?? this);
      facts?.events.push(name);
      if (!facts || typeof callback !== 'function') return method.call(this, callback);
      return method.call(this, (...args: unknown[]) => {
        facts.events.push(args[0] ? `${name} failed` : `${name} done`);
        return callback(...args);
      });
    };
    Object.defineProperty(noted, 'name', { value: name });
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: false,
      writable: true,
      value: noted,
    });
  }
}

/** Takes notes of each request of a server, from its first to its last moment. */
export function watchRequests(server: Server): void {
  server.prependListener('request', (req: Request, res: ServerResponse) => {
    const facts: RequestFacts = {
      port: req.socket.remotePort ?? 0,
      request: `${req.method} ${req.url}`,
      events: [],
    };
    factsOf.set(req, facts);
    requests.push(facts);
    if (requests.length > KEPT) requests.shift();
    watchEnd(req, res, facts);
  });
}

/** What the request has when its answer begins. */
function endOf(req: Request): Partial<RequestFacts> {
  const { body } = req;
  const secured = (req.socket as { encrypted?: boolean }).encrypted === true || req.secure === true;
  const formFields =
    typeof body === 'object' && body !== null ? Object.keys(body).length : ('unread' as const);
  const own: Partial<RequestFacts> = req.method === 'POST' ? { secured, formFields } : { secured };
  const session = req.session as Fields | null | undefined;
  if (session === undefined || session === null)
    return { ...own, session: session === null ? 'null' : 'none' };
  const { cookie, ...data } = session;
  const { secure, path, domain, _expires } = (cookie ?? {}) as Fields;
  return {
    ...own,
    session: 'regenerate' in session ? 'there' : 'replaced',
    keys: Object.keys(data),
    odd: oddIn(data),
    cookie: {
      secure: secure === true,
      path: String(path ?? '/'),
      domain: domain ? String(domain) : undefined,
      expires: _expires instanceof Date ? _expires.getTime() : undefined,
    },
  };
}

/** Values that a store gives back as something else, as 'cart: Map'. */
function oddIn(data: Fields): string[] {
  const odd: string[] = [];
  const look = (value: unknown, path: string, depth: number) => {
    const kind = oddKind(value);
    if (kind) odd.push(`${path}: ${kind}`);
    else if (depth > 0 && typeof value === 'object' && value !== null)
      for (const [key, part] of Object.entries(value).slice(0, 50)) look(part, `${path}.${key}`, depth - 1);
  };
  for (const [key, value] of Object.entries(data)) look(value, key, 3);
  return odd.slice(0, 5);
}

function oddKind(value: unknown): string | undefined {
  if (value === undefined) return 'undefined';
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    return `a ${typeof value}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return undefined;
  return `a ${(prototype as { constructor?: { name?: string } }).constructor?.name || 'class of its own'}`;
}

function callOf(options: Fields = {}): Omit<SessionCall, 'touches'> {
  const { resave, saveUninitialized, rolling, store, name, cookie } = options;
  const { maxAge, secure, path, domain, sameSite } = (
    typeof cookie === 'object' ? (cookie ?? {}) : {}
  ) as Fields;
  return {
    resave: said(resave),
    saveUninitialized: said(saveUninitialized),
    rolling: said(rolling),
    store: store ? ((store as object).constructor?.name ?? 'an object') : undefined,
    name: typeof name === 'string' ? name : undefined,
    cookie: {
      maxAge: typeof maxAge === 'number' ? maxAge : maxAge === undefined ? undefined : typeof maxAge,
      secure: said(secure),
      path: typeof path === 'string' ? path : undefined,
      domain: typeof domain === 'string' ? domain : undefined,
      sameSite: said(sameSite),
    },
  };
}

const said = (value: unknown) => (value === undefined ? undefined : String(value));
