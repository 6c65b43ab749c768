'use strict';
// Records the routes of an Express app: a JSON API has no pages that show them.

/** What is mounted on each router, in order. */
const mounted = new Map();
const routers = new Set();
const children = new Set();

exports.hooks = () => [
  // Express 5 and its router package.
  { file: /\/router\/index\.js$/, change: (exports) => watchRouter(exports.prototype) },
  // Express 4.
  { file: /\/express\/lib\/router\/index\.js$/, change: (exports) => watchRouter(exports) },
];

function watchRouter(prototype) {
  if (typeof prototype?.use !== 'function' || typeof prototype?.route !== 'function') return;
  const { use, route } = prototype;
  prototype.use = function (...args) {
    const hasPath = typeof args[0] === 'string' || Array.isArray(args[0]) || args[0] instanceof RegExp;
    const path = hasPath && typeof args[0] === 'string' ? args[0] : '';
    for (const handler of args.flat(9)) if (typeof handler === 'function') add(this, { path, handler });
    return use.apply(this, args);
  };
  prototype.route = function (path) {
    const made = route.call(this, path);
    if (typeof path === 'string') add(this, { path, route: made });
    return made;
  };
}

function add(router, entry) {
  routers.add(router);
  if (!mounted.has(router)) mounted.set(router, []);
  mounted.get(router).push(entry);
  if (entry.handler) children.add(entry.handler);
}

/** @returns {{ method: string, path: string }[]} of all apps, with the paths of the routers that they are mounted on */
exports.list = () => {
  const found = [];
  for (const router of routers) if (!children.has(router)) walk(router, '', found, 0);
  return found.slice(0, 2000);
};

function walk(router, prefix, found, depth) {
  if (depth > 8) return;
  for (const { path, handler, route } of mounted.get(router) ?? []) {
    const full = joined(prefix, path);
    if (handler) walk(handler, full, found, depth + 1);
    else
      for (const method of Object.keys(route.methods))
        found.push({ method: method === '_all' ? 'ALL' : method.toUpperCase(), path: full });
  }
}

const joined = (prefix, path) => `/${[prefix, path].join('/').split('/').filter(Boolean).join('/')}`;
