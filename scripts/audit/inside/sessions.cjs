'use strict';
const { dirname, join } = require('node:path');

// Reports the options of the session middleware, and each call of its store.

let held;
const waiting = [];

/** Holds the next call of `operation` ('write' is set or touch) for one session until `release`. */
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
  {
    file: /\/cookie-session\/index\.js$/,
    change: (session, path) => watchCookieSessions(session, path, report),
  },
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

function watchCookieSessions(session, path, report) {
  if (typeof session !== 'function') return undefined;
  const { version } = require(join(dirname(path), 'package.json'));
  const defaultName = Number.parseInt(version, 10) < 2 ? 'express:sess' : 'session';
  return new Proxy(session, {
    apply: (target, self, [options = {}, ...rest]) => {
      report({
        kind: 'session',
        library: 'cookie-session',
        ...described({ ...options, secret: options.keys ?? options.secret, cookie: options }),
        name: options.name || options.key || defaultName,
        unsigned: options.signed === false,
      });
      return Reflect.apply(target, self, [options, ...rest]);
    },
  });
}

function described({ name, key, secret, resave, saveUninitialized, rolling, cookie }) {
  const secrets = (Array.isArray(secret) ? secret : [secret]).filter((each) => typeof each === 'string');
  const secure = cookie?.secure === true;
  const crossSite = !secure && String(cookie?.sameSite).toLowerCase() === 'none';
  return { name: name ?? key, secrets, resave, saveUninitialized, rolling, secure, crossSite };
}

/** Class names without meaning: older stores inherit without a name of their own. */
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
    // An own, writable property: apps add methods to their stores as well.
    store[name] = function (id, ...args) {
      const key = keyOf(store, id);
      const data = name === 'set' && { data: plain(args[0]) };
      const message = { kind: 'store', operation: name, id, ...(key !== id && { key }), ...data };
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

/** The store's key of a session: connect-mongo has an option that transforms IDs. */
function keyOf(store, id) {
  try {
    const key = store.computeStorageId?.(id);
    return typeof key === 'string' ? key : id;
  } catch {
    return id;
  }
}

/** The session as JSON text, as a store would write it. */
function plain(session) {
  try {
    return JSON.stringify(session);
  } catch {
    return undefined;
  }
}
