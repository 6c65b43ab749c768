'use strict';
// Reports what the session middleware is told to do, and each call of its store.

let held;
const waiting = [];

/** Holds the next call of `operation` ('write' is set or touch) for one session back, until `release`. */
exports.hold = (id, operation) => {
  held = { id, operation };
};
exports.release = () => {
  held = undefined;
  for (const go of waiting.splice(0)) go();
};

/** @param {(message: object) => void} report */
exports.hooks = (report) => [
  { file: /\/express-session\/index\.js$/, change: (session) => watchSessions(session, report) },
  { file: /\/cookie-session\/index\.js$/, change: (session) => watchCookieSessions(session, report) },
];

function watchSessions(session, report) {
  if (typeof session !== 'function' || typeof session.MemoryStore !== 'function') return undefined;
  return new Proxy(session, {
    apply: (target, self, [options = {}, ...rest]) => {
      const store = options.store ?? new session.MemoryStore();
      report({ kind: 'session', library: 'express-session', ...described(options), store: nameOf(store) });
      watchStore(store, report);
      return Reflect.apply(target, self, [{ ...options, store }, ...rest]);
    },
  });
}

function watchCookieSessions(session, report) {
  if (typeof session !== 'function') return undefined;
  return new Proxy(session, {
    apply: (target, self, [options = {}, ...rest]) => {
      report({
        kind: 'session',
        library: 'cookie-session',
        ...described({ secret: options.keys ?? options.secret, ...options }),
      });
      return Reflect.apply(target, self, [options, ...rest]);
    },
  });
}

function described({ name, key, secret, resave, saveUninitialized, rolling }) {
  const secrets = (Array.isArray(secret) ? secret : [secret]).filter((each) => typeof each === 'string');
  return { name: name ?? key, secrets, resave, saveUninitialized, rolling };
}

/** Names of classes that say nothing: older stores inherit without setting their own. */
const NO_NAMES = new Set(['Object', 'Store', 'EventEmitter', 'Session']);
const STORE_PACKAGES =
  /node_modules[\\/]((?:@[^\\/]+[\\/])?(?:connect-(?!flash|ensure)[\w-]+|[\w-]*session[\w-]*store[\w-]*|memorystore))[\\/]/;

function nameOf(store) {
  for (let at = store; at; at = Object.getPrototypeOf(at)) {
    const { name } = at.constructor ?? {};
    if (name && !NO_NAMES.has(name)) return name;
  }
  const loaded = Object.keys(require.cache).map((file) => STORE_PACKAGES.exec(file)?.[1]);
  return loaded.find(Boolean) ?? 'a store without a name';
}

const watched = new WeakSet();

function watchStore(store, report) {
  if (watched.has(store)) return;
  watched.add(store);
  for (const name of ['get', 'set', 'touch', 'destroy']) {
    const call = store[name];
    if (typeof call !== 'function') continue;
    // An own property that stays changeable: apps add methods to their stores as well.
    store[name] = function (id, ...args) {
      const message = { kind: 'store', operation: name, id, ...(name === 'set' && { data: plain(args[0]) }) };
      const at = args.findIndex((each) => typeof each === 'function');
      if (at === -1) report(message);
      else {
        const callback = args[at];
        args[at] = function (error, found, ...more) {
          report({
            ...message,
            ...(error && { error: String(error?.message ?? error) }),
            ...(name === 'get' && { found: Boolean(found) }),
          });
          return callback.call(this, error, found, ...more);
        };
      }
      const go = () => call.call(this, id, ...args);
      const isHeld =
        held?.id === id &&
        (held.operation === name || (held.operation === 'write' && (name === 'set' || name === 'touch')));
      if (!isHeld) return go();
      held = undefined;
      report({ kind: 'held', id });
      waiting.push(go);
      return undefined;
    };
  }
}

/** The session as JSON text: what a store would write. */
function plain(session) {
  try {
    return JSON.stringify(session);
  } catch {
    return undefined;
  }
}
