import { setMaxListeners } from 'node:events';
import open from 'open';
import { Progress } from '../mongo/download-progress.ts';
import { readArguments, whereTyped } from '../shared/arguments.ts';
import { EnvironmentError, EXIT, UsageError } from '../shared/errors.ts';
import { shown } from '../shared/paths.ts';
import { Backends } from '../stores/backends/index.ts';
import { withTable } from '../stores/backends/with-table.ts';
import { BEHAVIOURS } from '../stores/behaviours/index.ts';
import { findStore, knownStores, OWN } from '../stores/catalogue.ts';
import { measureStores } from '../stores/measure.ts';
import type { Measured, Skipped, StoreResult } from '../stores/measured.ts';
import { mustOpen } from '../stores/must-open.ts';
import { isFile, ownModule, statementsIn } from '../stores/own-module.ts';
import { type Playable, prepare } from '../stores/play.ts';
import { keep, ship, shipped } from '../stores/results.ts';
import { busyCells, failedMusts, failures, tables } from '../stores/table.ts';

/**
 * `npm run lab stores [name… | ./my-store.ts] [--all] [--quick] [--json] [--open] [--only ID,…] [--backend NAME] [--sql FILE]
 * [--page]`: what session stores really do. `--ship` writes the reference page, for authors.
 */
export async function main(args: string[]): Promise<number> {
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = readArguments(args, {
    all: flag,
    quick: flag,
    json: flag,
    open: flag,
    page: flag,
    ship: flag,
    backend: { type: 'string' },
    sql: { type: 'string' },
    only: { type: 'string' },
  });
  if (values.page) {
    const page = keep(shipped(), 'stores.shipped');
    console.log(`  The measurements that came with the workshop: ${shown(page)}`);
    if (values.open) await open(page);
    return EXIT.ok;
  }
  const files = positionals.filter(isFile);
  const names = positionals.filter((word) => !isFile(word));
  if (values.backend && files.length === 0) {
    throw new UsageError(
      '--backend is for a store of your own: npm run lab stores -- ./my-store.ts --backend redis',
    );
  }
  if (values.sql && files.length === 0) {
    throw new UsageError(
      '--sql makes the table of a store of your own: npm run lab stores -- ./my-store.ts --sql table.sql',
    );
  }
  const folder = whereTyped('lab');
  const own = files.map((file) => ownModule(file, folder, values.backend as string | undefined));
  const sql = values.sql === undefined ? undefined : statementsIn(values.sql as string, folder);
  const known = values.all ? knownStores() : (names.length + own.length ? names : OWN).map(findStore);

  const stop = new AbortController();
  // Each store listens while it is played.
  setMaxListeners(0, stop.signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  const progress = new Progress();
  const say = (line: string) => progress.say(line);
  const backends = new Backends();
  const stores: StoreResult[] = [];
  const skipped: Skipped[] = [];
  const size = values.quick ? 'quick' : 'full';
  const only = values.only === undefined ? undefined : behavioursOf(values.only as string);
  try {
    const playable: Playable[] = [];
    for (const { module, title, backend: wanted } of own) {
      const found = await backends.get(wanted);
      if ('missing' in found)
        throw new EnvironmentError(
          [`${title} wants ${wanted}, and ${found.missing}.`, ...found.how].join('\n'),
        );
      say(`${title}: its backend is ${found.words}. --backend names another one.`);
      const backend = sql === undefined ? found : withTable(found, sql);
      await mustOpen(module, backend, stop.signal);
      playable.push({ name: title, title, module, versions: [], backend });
    }
    for (const store of known) {
      if (stop.signal.aborted) break;
      const ready = await prepare(store, backends, say);
      if ('module' in ready) playable.push(ready);
      else skipped.push(ready);
    }
    stores.push(...(await measureStores(playable, { size, only, signal: stop.signal }, say)));
  } finally {
    await backends.stop();
  }
  const measured: Measured = { schema: 1, stores, skipped };
  if (stores.length === 0) {
    if (stop.signal.aborted) {
      console.error('Stopped before a store was measured.');
      return EXIT.interrupted;
    }
    throw new EnvironmentError(describeSkipped(skipped).join('\n'));
  }
  const page = keep(measured, `stores${values.quick ? '.quick' : ''}${only ? '.some' : ''}`);
  if (values.ship) ship(measured);
  console.log(values.json ? JSON.stringify(measured, null, 2) : resultText(measured, shown(page)));
  if (values.open) await open(page);
  if (stop.signal.aborted) return EXIT.interrupted;
  if (names.length && skipped.length) return EXIT.environment;
  const ownResults = stores.filter(({ name }) => own.some(({ title }) => title === name));
  if (ownResults.some((result) => failedMusts(result).length > 0)) return EXIT.notYet;
  return ownResults.some((result) => busyCells(result).some(({ must }) => must)) ? EXIT.environment : EXIT.ok;
}

/** @throws {UsageError} with the list, for an ID that no behaviour has */
function behavioursOf(list: string): string[] {
  const ids = list.split(',').map((id) => id.trim());
  const unknown = ids.find((id) => !BEHAVIOURS.some((behaviour) => behaviour.id === id));
  if (unknown === undefined) return ids;
  const all = BEHAVIOURS.map(({ id, title }) => `  ${id.padEnd(18)}${title}`).join('\n');
  throw new UsageError(`There is no behaviour "${unknown}". There are:\n${all}`);
}

function resultText(measured: Measured, page: string): string {
  const { stores, skipped } = measured;
  const few = stores.length <= 4;
  return [
    '',
    ...(few ? [tables(measured), '', failures(measured), ''] : stores.map((store) => summary(store))),
    '',
    '  ✓ as it should be · ✗ not, and an app depends on it · ! not, and it is good to have · – not tested',
    ...describeBusy(stores),
    ...describeSkipped(skipped),
    `  Every cell with its evidence: ${page}`,
    '',
  ].join('\n');
}

/** The line of one of many stores. */
function summary(store: StoreResult): string {
  const failed = failedMusts(store).map(({ title }) => title);
  return `  ${store.name.padEnd(30)} ${failed.length ? `✗ ${failed.join(' · ')}` : '✓ all that an app depends on'}`;
}

/** The behaviours without an answer, a line for each store. */
const describeBusy = (stores: readonly StoreResult[]) =>
  stores.flatMap((store) => {
    const titles = busyCells(store).map(({ title }) => title);
    if (titles.length === 0) return [];
    return `  The machine was too busy to tell of ${store.name}: ${titles.join(' · ')}. Run it again when less else is running.`;
  });

const describeSkipped = (skipped: readonly Skipped[]) =>
  skipped.flatMap(({ name, why, how }) => [
    `  Left out: ${name}, because ${why}.`,
    ...how.map((line) => `      ${line}`),
  ]);
