'use strict';
const net = require('node:net');
const http = require('node:http');
const https = require('node:https');

/** Ports of 127.0.0.1 that may be connected to: those of the audit, and those that the app opened. */
const allowed = new Set();
const MONGO_PORTS = new Set([27017, 27018, 27019]);
const REDIS_PORT = 6379;
const isLoopback = (host) =>
  /^(?:localhost|127(?:\.\d+){3}|::1|::ffff:127(?:\.\d+){3}|0\.0\.0\.0|::)$/.test(host);

/** @param {number} port */
exports.allow = (port) => {
  allowed.add(port);
};

/**
 * @param {{ port: number, mongo?: number, redis?: number, report: (message: object) => void }} options `port` is where the app's
 * first server listens; `mongo` and `redis` are the ports of the audit's own
 */
exports.install = ({ port, mongo, redis, report }) => {
  for (const own of [mongo, redis]) if (own) allowed.add(own);
  limitConnections({ mongo, redis, report });
  placeServers({ port, report });
};

function limitConnections({ mongo, redis, report }) {
  const connect = net.Socket.prototype.connect;
  const told = new Set();
  const tell = (message) => {
    const key = JSON.stringify(message);
    if (!told.has(key)) report(message);
    told.add(key);
  };
  net.Socket.prototype.connect = function (...args) {
    const target = targetOf(args);
    if (target === undefined || (isLoopback(target.host) && allowed.has(target.port)))
      return connect.apply(this, args);
    const ownPort = MONGO_PORTS.has(target.port) ? mongo : asksForRedis(target.port) ? redis : undefined;
    if (ownPort) {
      tell({
        kind: 'redirected',
        from: `${target.host}:${target.port}`,
        to: ownPort === mongo ? 'mongo' : 'redis',
      });
      return redirect(connect, this, args, ownPort);
    }
    tell({ kind: 'refused', host: target.host, port: target.port });
    const error = Object.assign(new Error(`connect ECONNREFUSED ${target.host}:${target.port}`), {
      code: 'ECONNREFUSED',
      errno: -111,
      syscall: 'connect',
      address: target.host,
      port: target.port,
    });
    this.connecting = true;
    process.nextTick(() => this.destroy(error));
    return this;
  };
}

/** In the cloud Redis has other ports: then the client's stack shows it. */
function asksForRedis(port) {
  if (port === REDIS_PORT) return true;
  return /node_modules[\\/](?:ioredis|redis|@redis)[\\/]/.test(new Error().stack ?? '');
}

/** net.connect passes its arguments as one array, marked by a symbol. */
function targetOf([first, second]) {
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options === 'object' && options !== null) {
    if (options.path || options.port === undefined) return undefined;
    return { host: String(options.host ?? 'localhost'), port: Number(options.port) };
  }
  if (Number.isNaN(Number(options))) return undefined;
  return { host: typeof second === 'string' ? second : 'localhost', port: Number(options) };
}

function redirect(connect, socket, args, port) {
  const [first] = args;
  if (Array.isArray(first)) {
    first[0] = { ...first[0], host: '127.0.0.1', port, lookup: undefined };
    return connect.apply(socket, args);
  }
  const callback = args.find((each) => typeof each === 'function');
  const options = typeof first === 'object' ? first : {};
  return connect.call(socket, { ...options, host: '127.0.0.1', port, lookup: undefined }, callback);
}

let taken = false;
/** Whether this process has a server: a program that only starts another one has none. */
exports.hasServer = () => taken;

/** The first HTTP server listens on the audit's port, other servers on free ports, all of them only on 127.0.0.1. */
function placeServers({ port, report }) {
  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function (...args) {
    const asked = askedPort(args);
    if (asked === undefined) return listen.apply(this, args);
    const isWeb = this instanceof http.Server || this instanceof https.Server;
    const own = isWeb && (!taken || asked === port) ? port : 0;
    taken ||= isWeb;
    this.once('listening', () => {
      const actual = this.address()?.port;
      allowed.add(actual);
      if (isWeb)
        report({
          kind: 'listening',
          port: actual,
          asked,
          protocol: this instanceof https.Server ? 'https' : 'http',
        });
    });
    const callback = args.find((each) => typeof each === 'function');
    const { backlog, signal } = typeof args[0] === 'object' && args[0] !== null ? args[0] : {};
    const options = { port: own, host: '127.0.0.1', ...(backlog && { backlog }), ...(signal && { signal }) };
    return listen.call(this, options, ...(callback ? [callback] : []));
  };
}

/** The port in the arguments of listen(); undefined for a pipe or a handle. */
function askedPort([first]) {
  if (first === undefined || first === null || typeof first === 'function') return 0;
  if (typeof first === 'object')
    return first.path || first.fd !== undefined || first._handle || first.handle
      ? undefined
      : Number(first.port ?? 0);
  const port = Number(first);
  return Number.isNaN(port) ? undefined : port;
}
