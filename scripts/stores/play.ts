import { UsageError } from '../shared/errors.ts';
import type { Backend, Backends } from './backends/index.ts';
import { SCENARIOS } from './behaviours/index.ts';
import type { KnownStore } from './catalogue.ts';
import { runScenarios } from './kit/run.ts';
import { Site } from './kit/site.ts';
import { StoreProcess } from './kit/store-process.ts';
import type { Skipped, StoreResult } from './measured.ts';
import { makeReady } from './packages.ts';

/** How long is waited, in milliseconds. Most calls take a hundredth of it: it counts for what never calls back. */
const PATIENCE = {
  full: { call: 10_000, outage: 35_000, recovery: 30_000 },
  quick: { call: 10_000, outage: 11_000, recovery: 10_000 },
} as const;

/** A store that can be played. */
export interface Playable {
  readonly name: string;
  readonly title: string;
  readonly module: string;
  readonly versions: readonly string[];
  readonly backend: Backend;
}

/** Fetches a store's packages and starts its backend. @returns why it is left out, when this machine cannot do it */
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
    return { name: store.name, title: store.title, ...ready, backend };
  } catch (error) {
    return { name: store.name, why: (error as Error).message, how: [] };
  }
}

/** Asks a store everything. */
export async function play(
  { name, title, module, versions, backend }: Playable,
  size: StoreResult['size'],
  atATime: number,
  signal: AbortSignal,
): Promise<StoreResult> {
  const cells = await runScenarios(SCENARIOS, { module, backend, patience: PATIENCE[size], atATime, signal });
  return {
    name,
    title,
    versions,
    backend: backend.words,
    node: process.version,
    measuredAt: new Date().toISOString(),
    size,
    cells,
  };
}

/** Opens a store once. @throws {UsageError} when the module gives none, with the reason */
export async function mustOpen(module: string, backend: Backend): Promise<void> {
  const site = await Site.of(backend);
  const store = new StoreProcess(module);
  try {
    await store.load();
    await store.open({ url: site.url });
  } catch (error) {
    throw new UsageError(
      `The store in ${module} cannot be opened (its backend: ${backend.words}, at ${site.url || 'no address'}). ${(error as Error).message}`,
    );
  } finally {
    await store.end();
    await site.remove();
  }
}
