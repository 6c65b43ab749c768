// What express-session was asked to do in a shop process: evidence for the cause of a failing step, and never for its verdict. The
// X-ray of an open lesson shows it, too.
import { IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { WatchCalls } from './provide.ts';
import { endOf } from './request-end.ts';
import type { RequestFacts, SessionCall, SessionFacts } from './session-facts.ts';
import { unreachedBy, waitingFor, watchStore } from './store-watch.ts';

/** How many requests are remembered: the last ones, which a step is about. */
const MAX_REQUESTS = 60;

type Fields = Record<string, unknown>;
export type Request = IncomingMessage & Fields;
type Middleware = (req: Request, res: ServerResponse, next: (error?: unknown) => void) => void;
type SessionFunction = ((options?: Fields) => Middleware) & {
  readonly Session: { readonly prototype: Fields };
};

interface Call {
  readonly call: Omit<SessionCall, 'touches'>;
  readonly store: unknown;
}

const calls: Call[] = [];
const requests: RequestFacts[] = [];
const factsOf = new WeakMap<object, RequestFacts>();
const callOfRequest = new WeakMap<object, Call>();

/** All that was seen in this process. */
export function sessionFacts(): SessionFacts {
  return {
    calls: calls.map(told),
    requests,
    waitingFor: waitingFor(),
    unreached: stores().flatMap(unreachedBy),
  };
}

/** The call of session() whose middleware a request came to first; undefined when it came to none. */
export function callFor(req: object): SessionCall | undefined {
  const call = callOfRequest.get(req);
  return call && told(call);
}

const told = ({ call, store }: Call): SessionCall => ({
  ...call,
  touches: typeof (store as { touch?: unknown } | undefined)?.touch === 'function',
});

/** Requests that have no whole answer yet. */
let unanswered = 0;
export const hasUnanswered = () => unanswered > 0;

/** The stores that session() was given. */
export function stores(): object[] {
  return calls.flatMap(({ store }) => (typeof store === 'object' && store !== null ? [store] : []));
}

/** express-session, with a note taken of each call. Its behaviour does not change. */
export function watched(session: SessionFunction, watchCalls: WatchCalls): SessionFunction {
  watchMethods(session.Session.prototype);
  return watchCalls(
    session,
    (options?: Fields) => {
      watchStore(options?.store);
      calls.push({ call: callOf(options), store: options?.store });
    },
    watchedMiddleware,
  );
}

/** An error's message without the session and its ID, which stores quote. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const told = message
    .replace(/^(Error setting )\S+ to \w+ \{[\s\S]*\}: /, '$1the session: ')
    .replace(/^(Error (?:finding|destroying) )\S+: /, '$1the session: ');
  return told.slice(0, 300);
}

function watchedMiddleware(middleware: Middleware): Middleware {
  // The call that has just been noted.
  const call = calls.at(-1);
  return function session(req, res, next) {
    const facts = factsOf.get(req);
    const had = req.session !== undefined && req.session !== null;
    let passed = false;
    if (call && !callOfRequest.has(req)) callOfRequest.set(req, call);
    return middleware(req, res, (error) => {
      // express-session also calls next() after the answer was ended: with the error of its store or its cookie.
      if (facts && passed && error) Object.assign(facts, { error: messageOf(error) });
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

/** Where the last answer was ended. */
let lastEnd: Error | undefined;

/**
 * A page is rendered first and sent in a later turn. When the request has another answer by then, the error that ends the process names no
 * line of the shop's code: the place of the other answer is added to its stack.
 */
export function tellFirstAnswer(): void {
  process.on('uncaughtExceptionMonitor', (error: NodeJS.ErrnoException) => {
    if (error?.code !== 'ERR_HTTP_HEADERS_SENT' || !lastEnd?.stack) return;
    error.stack = `${error.stack}\n${lastEnd.stack.replace(/^.*\n/, '')}`;
  });
}

/** Notes when the route ends the answer. express-session, whose middleware ran before, may save first and send later. */
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
  lastEnd = new Error('an answer was ended');
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

/**
 * Takes notes of each request of a server, from its first to its last moment.
 * @param began called with each request before the shop gets it
 */
export function watchRequests(
  server: Server,
  began: (req: Request, res: ServerResponse, facts: RequestFacts) => void = () => {},
): void {
  server.prependListener('request', (req: Request, res: ServerResponse) => {
    const facts: RequestFacts = {
      port: req.socket.remotePort ?? 0,
      request: `${req.method} ${req.url}`,
      events: [],
    };
    factsOf.set(req, facts);
    requests.push(facts);
    if (requests.length > MAX_REQUESTS) requests.shift();
    watchEnd(req, res, facts);
    began(req, res, facts);
    unanswered++;
    res.once('close', () => unanswered--);
  });
}

/** Those of express-session 1.19. */
const OPTIONS = new Set(
  'cookie genid key name proxy resave rolling saveUninitialized secret store unset'.split(' '),
);

function callOf(options: Fields = {}): Omit<SessionCall, 'touches'> {
  const { resave, saveUninitialized, rolling, store, name, cookie } = options;
  const { maxAge, secure, path, domain, sameSite } = (
    typeof cookie === 'object' ? (cookie ?? {}) : {}
  ) as Fields;
  return {
    resave: quoted(resave),
    saveUninitialized: quoted(saveUninitialized),
    rolling: quoted(rolling),
    ...(options instanceof IncomingMessage ? { isUncalled: true } : {}),
    store: store ? ((store as object).constructor?.name ?? 'an object') : undefined,
    name: typeof name === 'string' ? name : undefined,
    unknown:
      options instanceof IncomingMessage ? [] : Object.keys(options).filter((each) => !OPTIONS.has(each)),
    cookie: {
      maxAge: typeof maxAge === 'number' ? maxAge : maxAge === undefined ? undefined : typeof maxAge,
      secure: said(secure),
      path: typeof path === 'string' ? path : undefined,
      domain: typeof domain === 'string' ? domain : undefined,
      sameSite: said(sameSite),
    },
  };
}

/** A text in its quotes: 'false' is another value than false. */
const quoted = (value: unknown) => (typeof value === 'string' ? JSON.stringify(value) : said(value));
const said = (value: unknown) => (value === undefined ? undefined : String(value));
