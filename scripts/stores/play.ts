import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import type { TransformFailure } from 'esbuild';
import { UsageError } from '../shared/errors.ts';
import { BACKENDS, type Backend, type Backends } from './backends/index.ts';
import { withTable } from './backends/with-table.ts';
import { SCENARIOS } from './behaviours/index.ts';
import type { KnownStore } from './catalogue.ts';
import type { Control } from './kit/control.ts';
import { runAgain, runScenarios } from './kit/run.ts';
import { Site } from './kit/site.ts';
import { StoreProcess } from './kit/store-process.ts';
import { describeOutcome } from './kit/words.ts';
import type { Skipped, StoreResult } from './measured.ts';
import { makeReady } from './packages.ts';

/** The limits of waits, in milliseconds. Most calls take a hundredth of it. */
const LIMITS_MS = {
  full: { call: 10_000, outage: 35_000, recovery: 45_000 },
  quick: { call: 10_000, outage: 13_000, recovery: 6000 },
} as const;

/** The limit for playing scenarios of a store again, in milliseconds. */
const AGAIN_MS = { full: 180_000, quick: 5000 } as const;

/** A store that can be played. */
export interface Playable {
  readonly name: string;
  readonly title: string;
  readonly module: string;
  readonly versions: readonly string[];
  readonly backend: Backend;
}

/** Fetches a store's packages and starts its backend. @returns the reason, when this machine cannot play it */
export async function prepare(
  store: KnownStore,
  backends: Backends,
  say: (line: string) => void,
): Promise<Playable | Skipped> {
  try {
    const backend = await backends.get(store.backend);
    if ('missing' in backend) return { name: store.name, why: backend.missing, how: backend.how };
    const ready = await makeReady(store, say);
    if (!ready) return { name: store.name, why: 'it was stopped', how: [] };
    if (store.sql === undefined) return { name: store.name, title: store.title, ...ready, backend };
    const sql = readFileSync(createRequire(ready.module).resolve(store.sql), 'utf8');
    return { name: store.name, title: store.title, ...ready, backend: withTable(backend, sql) };
  } catch (error) {
    return { name: store.name, why: (error as Error).message, how: [] };
  }
}

export interface Playing {
  readonly size: StoreResult['size'];
  /** The IDs of the behaviours to judge; undefined: all. Others in the same experiment are judged as well. */
  readonly only?: readonly string[] | undefined;
  readonly control: Control;
  readonly signal: AbortSignal;
}

/** Plays all scenarios on a store. @param atATime how many scenarios with their own process run at the same time */
export async function play(playable: Playable, atATime: number, playing: Playing): Promise<StoreResult> {
  const { name, title, versions, backend } = playable;
  const cells = await runScenarios(scenariosOf(playing), { ...running(playable, playing), atATime });
  return {
    name,
    title,
    versions,
    backend: backend.words,
    node: process.version,
    measuredAt: new Date().toISOString(),
    size: playing.size,
    cells,
  };
}

/** Plays again what the machine was too busy for. */
export async function playAgain(
  playable: Playable,
  result: StoreResult,
  playing: Playing,
): Promise<StoreResult> {
  const limit = AGAIN_MS[playing.size];
  return {
    ...result,
    cells: await runAgain(scenariosOf(playing), result.cells, running(playable, playing), limit),
  };
}

const scenariosOf = ({ only }: Playing) =>
  only ? SCENARIOS.filter(({ behaviours }) => behaviours.some(({ id }) => only.includes(id))) : SCENARIOS;

const running = ({ module, backend }: Playable, { size, control, signal }: Playing) => ({
  module,
  backend,
  limits: LIMITS_MS[size],
  control,
  signal,
});

/** Opens a store once, unless it is stopped. @throws {UsageError} with the reason, when the module gives no store */
export async function mustOpen(module: string, backend: Backend, signal: AbortSignal): Promise<void> {
  const site = await Site.of(backend);
  const store = await StoreProcess.start(module);
  const end = () => void store.end();
  signal.addEventListener('abort', end, { once: true });
  try {
    await store.load();
    await store.open({ url: site.url });
    const missing = await missingTable(store);
    if (missing && !signal.aborted) throw new UsageError(withoutTable(module, missing));
  } catch (error) {
    if (signal.aborted) return;
    if (error instanceof UsageError) throw error;
    const { message } = error as Error;
    const lines = [
      `The store in ${module} cannot be opened. ${message}`,
      ...(message.startsWith('SyntaxError') ? await syntaxErrors(module) : []),
      `Its backend: ${backend.words}, at ${site.url || 'no address'}. Another one: --backend ${BACKENDS.join(' | ')}`,
    ];
    throw new UsageError(lines.join('\n'));
  } finally {
    signal.removeEventListener('abort', end);
    await store.end();
    await site.remove();
  }
}

/** How databases report a missing table. */
const NO_TABLE =
  /\b(?:relation|table)\b.{1,120}(?:does not|doesn.t) exist|no such table|ER_NO_SUCH_TABLE|\b42P01\b|\bP2021\b/is;
const MADE_WITHIN_MS = 8000;

/** The database's error, when neither the store nor anything else makes its table within a few seconds. */
async function missingTable(store: StoreProcess): Promise<string | undefined> {
  const until = performance.now() + MADE_WITHIN_MS;
  for (;;) {
    const call = { method: 'set', id: 'kit-first', data: { n: 1 }, maxAge: 600_000 } as const;
    const set = await store.call(call, 5000).catch((error: Error) => error);
    const said = [set instanceof Error ? set.message : describeOutcome(set), store.printed].join('\n');
    const line = said.split('\n').find((each) => NO_TABLE.test(each));
    if (line === undefined) return undefined;
    if (store.hasEnded || performance.now() > until) return line.trim().slice(0, 300);
    await delay(200);
  }
}

const withoutTable = (module: string, said: string) =>
  [
    `The store in ${module} saves nothing, because its table is not there and it does not make it. It says: ${said}`,
    'The kit opens it on an empty database, where no migration of an app ran. Give it the table, in one of two ways:',
    '  --sql table.sql   the statements that make it: the kit runs them first, on PostgreSQL and MariaDB',
    '  or make it in that file, before the store is returned, or by an option of the store (createTableIfMissing, synchronize, …)',
  ].join('\n');

/** Finds the line of a syntax error, which Node does not name. */
async function syntaxErrors(module: string): Promise<string[]> {
  const { transform } = await import('esbuild');
  const options = { sourcefile: module, loader: 'js', logLevel: 'silent' } as const;
  const failed = await transform(readFileSync(module, 'utf8'), options).catch((error) => error);
  return ((failed as Partial<TransformFailure>).errors ?? []).map(
    ({ location, text }) => `${module}:${location?.line ?? 1}: ${text}`,
  );
}
