import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Backend, Backends } from './backends/index.ts';
import { withTable } from './backends/with-table.ts';
import { SCENARIOS } from './behaviours/index.ts';
import type { KnownStore } from './catalogue.ts';
import type { Control } from './kit/control.ts';
import { runAgain, runScenarios } from './kit/run.ts';
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
