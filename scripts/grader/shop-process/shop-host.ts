// The process that a shop lives in: one per start, so a restart is a real one and the judge never shares a
// process with learner code. It is started ahead of its use, by shop-start.ts, and then waits to be told which
// answer to run.
import { ChildProcess } from 'node:child_process';
import { createServer, type RequestListener, type Server } from 'node:http';
import { findSourceMap } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { Environment, ShopConfig } from '#shop/config.ts';
import { askDns } from '../../mongo/ask-dns.ts';
import { escapeRegExp } from '../../shared/escape-regexp.ts';
import { reportInside } from './inside.ts';
import { hasUnanswered, sessionFacts, stores, tellFirstAnswer, watchRequests } from './session-watch.ts';
import { setClockAhead } from './shop-clock.ts';
import type {
  ClockChange,
  FactsRequest,
  InsideReport,
  Introduction,
  OpenRequest,
  Report,
  SentReport,
  ShutDownRequest,
} from './shop-messages.ts';

// Kept before learner code runs, which may replace it.
const send = process.send?.bind(process);
let token = '';
const report = (message: Report | InsideReport, then = () => {}) =>
  send?.({ ...message, token } satisfies SentReport, then);
// send() goes through it: code that replaced it would read the token.
Object.defineProperty(process, '_send', { writable: false, configurable: false });
const exit = process.exit.bind(process);
keepChildrenInGroup();
tellFirstAnswer();

/** How many frames of a stack are kept: an error of Express has ten of Express's before the answer's. */
const STACK_LIMIT = 40;

/** What the answer starts ends with this process, also when it asks for `detached`: nothing outlives a check. */
function keepChildrenInGroup(): void {
  const prototype = ChildProcess.prototype as unknown as { spawn(options: { detached?: boolean }): unknown };
  const { spawn } = prototype;
  prototype.spawn = function (options) {
    return spawn.call(this, { ...options, detached: false });
  };
}

process.once('message', (introduction: Introduction) => {
  token = introduction.token;
  report({ kind: 'warm' });
  process.on('message', hear);
});

function hear(message: OpenRequest | ClockChange | ShutDownRequest | FactsRequest): void {
  if ('shutDown' in message) return void shutDown();
  if ('tellFacts' in message) return void tellFacts();
  if (!('clockAhead' in message)) return void open(message);
  setClockAhead(message.clockAhead);
  report({ kind: 'clock-set' });
}
/** Waits two turns: express-session reports errors of a finished answer in the turn after it, and that may be the next but one. */
async function tellFacts(): Promise<void> {
  for (const _turn of ['this', 'the next']) await nextTurn();
  report({ kind: 'facts', facts: sessionFacts() });
}
// The process that started this one is gone, so this one ends. The supervisor ends one that loops.
const stop = () => exit(0);
process.once('disconnect', stop);

/** What createApp() returned: an Express app, and from lesson 11 on with a function that closes an instance. */
type Shop = RequestListener & { readonly shutDown?: (server: Server) => unknown };
let opened: { readonly shop: Shop; readonly server: Server } | undefined;

async function open({
  app,
  config,
  env = variables(config),
  dns,
  port,
  watched,
}: OpenRequest): Promise<void> {
  let module: { createApp?: unknown; readConfig?: unknown };
  let listener: unknown;
  if (dns) askDns(dns);
  // Not before the packages are loaded: Node would read the maps of each of their files.
  process.setSourceMapsEnabled(true);
  Error.stackTraceLimit = STACK_LIMIT;
  const url = pathToFileURL(app).href;
  try {
    module = await import(url);
  } catch (error) {
    return fail(inTheAnswer(errorText(error), url), 'unloaded');
  }
  const { createApp, readConfig } = module;
  if (typeof createApp !== 'function') {
    const names = Object.keys(module).join(', ') || 'nothing';
    return fail(`app.ts does not export a function createApp. It exports: ${names}.`, 'unloaded');
  }
  try {
    listener = await createApp(typeof readConfig === 'function' ? await readConfig(env) : config);
  } catch (error) {
    return fail(errorText(error));
  }
  if (typeof listener !== 'function') {
    return fail(`createApp() returned ${listener === null ? 'null' : typeof listener}, not the Express app.`);
  }
  const server = createServer(listener as RequestListener);
  watchRequests(server, watched ? reportInside(report) : undefined);
  opened = { shop: listener as Shop, server };
  server.once('error', (error: NodeJS.ErrnoException) => {
    // EACCES: Windows has reserved the port meanwhile, for Hyper-V and the like.
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') report({ kind: 'port-taken' });
    else fail(error.message);
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address) report({ kind: 'listening', port: address.port });
  });
}

/** Closes the shop as its answer does. After that the process lives for as long as the answer has something open. */
async function shutDown(): Promise<void> {
  if (!opened?.shop.shutDown) {
    report({ kind: 'closing', event: 'no shutDown' });
    return stop();
  }
  watchClosing(opened.server);
  await opened.shop.shutDown(opened.server);
  process.off('disconnect', stop);
  report({ kind: 'shut-down' }, () => process.disconnect());
}

/** A store, or the client of one. */
interface Closable {
  close?: (...args: unknown[]) => unknown;
}

/** Reports how the answer closes its shop, as it happens: the process may have ended when the judge asks. */
function watchClosing(server: Server): void {
  const { close, closeAllConnections } = server;
  server.close = (...args) => {
    report({ kind: 'closing', event: 'server.close' });
    return close.apply(server, args);
  };
  server.closeAllConnections = () => {
    report({ kind: 'closing', event: 'closeAllConnections' });
    closeAllConnections.call(server);
  };
  for (const store of stores() as Partial<Record<string, Closable>>[]) {
    for (const closable of [store, store.client]) {
      const method = (closable as Closable | undefined)?.close;
      if (typeof method !== 'function') continue;
      Object.assign(closable as object, {
        close: (...args: unknown[]) => {
          if (hasUnanswered()) report({ kind: 'closing', event: 'store closed early' });
          return method.apply(closable, args);
        },
      });
    }
  }
  process.exit = (code) => {
    report({ kind: 'closing', event: 'process.exit' });
    return exit(code);
  };
}

/** The config as variables, under their names in `.env`. */
function variables({ mongodbUri, sessionSecret }: ShopConfig): Environment {
  return { MONGODB_URI: mongodbUri, SESSION_SECRET: sessionSecret };
}

/** An error as Node prints it when nobody catches it: with its cause and all that it holds. */
function errorText(error: unknown): string {
  return typeof error === 'object' ? inspect(error) : String(error);
}

/**
 * Node's error for a module that it cannot link, with the lines of the answer: Node itself maps only
 * those of running code.
 */
function inTheAnswer(text: string, url: string): string {
  const places = new RegExp(
    `(?: imported from )?(?:${escapeRegExp(url)}|${escapeRegExp(fileURLToPath(url))})(?::(\\d+))?`,
    'g',
  );
  const map = findSourceMap(url) ?? findSourceMap(fileURLToPath(url));
  return text.replace(places, (_, line = '1') => {
    const entry = map?.findEntry(Number(line) - 1, 0);
    return entry && 'originalSource' in entry ? `${entry.originalSource}:${entry.originalLine + 1}` : '';
  });
}

function fail(message: string, kind: 'unloaded' | 'failed' = 'failed'): void {
  report({ kind, message });
}
