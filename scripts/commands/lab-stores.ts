import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import open from 'open';
import { Progress } from '../mongo/progress.ts';
import { readArguments, whereTyped } from '../shared/arguments.ts';
import { EnvironmentError, EXIT, UsageError } from '../shared/errors.ts';
import { shown } from '../shared/paths.ts';
import { Backends } from '../stores/backends/index.ts';
import { findStore, knownStores, OWN } from '../stores/catalogue.ts';
import type { Measured, Skipped, StoreResult } from '../stores/measured.ts';
import { isFile, ownModule } from '../stores/own-module.ts';
import { mustOpen, type Playable, play, prepare } from '../stores/play.ts';
import { keep, ship, shipped } from '../stores/results.ts';
import { measureSpeed } from '../stores/speed.ts';
import { failedMusts, failures, tables } from '../stores/table.ts';

/**
 * `npm run lab stores [name… | ./my-store.ts] [--all] [--quick] [--json] [--open] [--backend NAME] [--page]`: what session stores really
 * do. `--ship` writes the reference page, for who maintains it.
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
  const own = files.map((file) => ownModule(file, whereTyped('lab'), values.backend as string | undefined));
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
  try {
    const playable: Playable[] = [];
    for (const { module, title, backend } of own) {
      const found = await backends.get(backend);
      if ('missing' in found)
        throw new EnvironmentError(
          [`${title} wants ${backend}, and ${found.missing}.`, ...found.how].join('\n'),
        );
      say(`${title}: its backend is ${found.words}. --backend names another one.`);
      await mustOpen(module, found);
      playable.push({ name: title, title, module, versions: [], backend: found });
    }
    for (const store of known) {
      if (stop.signal.aborted) break;
      const ready = await prepare(store, backends, say);
      if ('module' in ready) playable.push(ready);
      else skipped.push(ready);
    }
    const size = values.quick ? 'quick' : 'full';
    const waiting = [...playable];
    const worker = async () => {
      for (let next = waiting.shift(); next && !stop.signal.aborted; next = waiting.shift()) {
        const result = await play(next, size, values.quick ? 12 : 6, stop.signal);
        if (stop.signal.aborted) break;
        stores.push(values.quick ? result : await withSpeed(result, next));
        say(`${stores.length} of ${playable.length}: ${next.title}`);
      }
    };
    await Promise.all(Array.from({ length: values.quick ? 4 : 3 }, worker));
    stores.sort((one, other) => order(playable, one) - order(playable, other));
  } finally {
    await backends.stop();
  }
  const measured: Measured = { schema: 1, stores, skipped };
  if (stores.length === 0) {
    if (stop.signal.aborted) {
      console.error('Stopped before a store was measured.');
      return EXIT.interrupted;
    }
    throw new EnvironmentError(skippedInWords(skipped).join('\n'));
  }
  const page = keep(measured, `stores${values.quick ? '.quick' : ''}`);
  if (values.ship) ship(measured);
  console.log(values.json ? JSON.stringify(measured, null, 2) : inWords(measured, shown(page)));
  if (values.open) await open(page);
  if (stop.signal.aborted) return EXIT.interrupted;
  if (names.length && skipped.length) return EXIT.environment;
  const ownResults = stores.filter(({ name }) => own.some(({ title }) => title === name));
  return ownResults.some((result) => failedMusts(result).length > 0) ? EXIT.notYet : EXIT.ok;
}

const order = (playable: readonly Playable[], { name }: StoreResult) =>
  playable.findIndex((each) => each.name === name);

async function withSpeed(result: StoreResult, { module, backend }: Playable): Promise<StoreResult> {
  const memory = join(findStore('memory-store').folder, 'open.mjs');
  // A store that cannot be played has no speed.
  const speed = await measureSpeed(module, memory, backend).catch(() => undefined);
  return speed ? { ...result, speed } : result;
}

function inWords(measured: Measured, page: string): string {
  const { stores, skipped } = measured;
  const few = stores.length <= 4;
  return [
    '',
    ...(few ? [tables(measured), '', failures(measured), ''] : stores.map((store) => summary(store))),
    '',
    '  ✓ as it should be · ✗ not, and an app depends on it · ! not, and it is good to have · – not tested',
    ...skippedInWords(skipped),
    `  Every cell with its evidence: ${page}`,
    '',
  ].join('\n');
}

/** A line for each of many stores. */
function summary(store: StoreResult): string {
  const failed = failedMusts(store).map(({ title }) => title);
  return `  ${store.name.padEnd(30)} ${failed.length ? `✗ ${failed.join(' · ')}` : '✓ all that an app depends on'}`;
}

const skippedInWords = (skipped: readonly Skipped[]) =>
  skipped.flatMap(({ name, why, how }) => [
    `  Left out: ${name}, because ${why}.`,
    ...how.map((line) => `      ${line}`),
  ]);
