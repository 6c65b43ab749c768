// The process that a shop lives in: one per start, so a restart is a real one and the judge never shares a
// process with learner code. It is started ahead of its use, by shop-start.ts, and then waits to be told which
// answer to run.
import { createServer, type RequestListener, type Server } from 'node:http';
import { findSourceMap } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Environment, ShopConfig } from '#shop/config.ts';
import { askDns } from '../../mongo/ask-dns.ts';
import { watch } from './inside.ts';
import { sessionFacts, watchRequests } from './session-watch.ts';
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
// What send() goes through: whoever replaces it reads the token.
Object.defineProperty(process, '_send', { writable: false, configurable: false });
const exit = process.exit.bind(process);

/** How many frames of a stack are kept: an error of Express has ten of its own in front of the answer's. */
const STACK_LIMIT = 40;

process.once('message', (introduction: Introduction) => {
  token = introduction.token;
  report({ kind: 'warm' });
  process.on('message', hear);
});

function hear(message: OpenRequest | ClockChange | ShutDownRequest | FactsRequest): void {
  if ('shutDown' in message) return void shutDown();
  if ('tellFacts' in message) return void report({ kind: 'facts', facts: sessionFacts() });
  if (!('clockAhead' in message)) return void open(message);
  setClockAhead(message.clockAhead);
  report({ kind: 'clock-set' });
}
// The process that started this one is gone, so it ends by itself. One that loops is ended by the supervisor.
const stop = () => exit(0);
process.once('disconnect', stop);

/** What createApp() returned: an Express app, and from lesson 11 on with it how an instance of it closes. */
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
    return fail(inTheAnswer(inWords(error), url), 'unloaded');
  }
  const { createApp, readConfig } = module;
  if (typeof createApp !== 'function') {
    const names = Object.keys(module).join(', ') || 'nothing';
    return fail(`app.ts does not export a function createApp. It exports: ${names}.`, 'unloaded');
  }
  try {
    listener = await createApp(typeof readConfig === 'function' ? await readConfig(env) : config);
  } catch (error) {
    return fail(inWords(error));
  }
  if (typeof listener !== 'function') {
    return fail(`createApp() returned ${listener === null ? 'null' : typeof listener}, not the Express app.`);
  }
  const server = createServer(listener as RequestListener);
  watchRequests(server);
  if (watched) watch(server, report);
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
  if (!opened?.shop.shutDown) return stop();
  await opened.shop.shutDown(opened.server);
  process.off('disconnect', stop);
  report({ kind: 'shut-down' }, () => process.disconnect());
}

/** The config as variables, under the names that `.env` has for them. */
function variables({ mongodbUri, sessionSecret }: ShopConfig): Environment {
  return { MONGODB_URI: mongodbUri, SESSION_SECRET: sessionSecret };
}

function inWords(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * What Node says of a module that it does not even begin to run, with the lines of the answer: by itself Node looks only
 * up those of running code.
 */
function inTheAnswer(text: string, url: string): string {
  const places = new RegExp(
    `(?: imported from )?(?:${escaped(url)}|${escaped(fileURLToPath(url))})(?::(\\d+))?`,
    'g',
  );
  const map = findSourceMap(url) ?? findSourceMap(fileURLToPath(url));
  return text.replace(places, (_, line = '1') => {
    const entry = map?.findEntry(Number(line) - 1, 0);
    return entry && 'originalSource' in entry ? `${entry.originalSource}:${entry.originalLine + 1}` : '';
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function fail(message: string, kind: 'unloaded' | 'failed' = 'failed'): void {
  report({ kind, message });
}
