import { measureBlocks } from '../proof/bench-engine/blocks.ts';
import { type Figure, isOver, renderFigures } from '../proof/bench-engine/figure.ts';
import { measureImport } from '../proof/bench-engine/import-cost.ts';
import { measureMemory } from '../proof/bench-engine/memory.ts';
import { measureRoundTrips } from '../proof/bench-engine/round-trips.ts';
import { measureStart } from '../proof/bench-engine/start.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';

const MEASURES = [measureImport, measureStart, measureRoundTrips, measureMemory, measureBlocks];

/** `npm run bench:engine`: time and memory of the embedded engine, against limits for any machine. Exit code 1 when a figure is over. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, { json: { type: 'boolean' } });
  if (positionals.length) {
    throw new UsageError(`npm run bench:engine takes no words, and was given ${positionals.join(' ')}.`);
  }
  const figures: Figure[] = [];
  for (const measure of MEASURES) figures.push(...(await measure()));
  const report = figures.map((figure) => ({ ...figure, over: isOver(figure) }));
  console.log(values.json ? JSON.stringify({ schema: 1, figures: report }, null, 2) : renderFigures(figures));
  const over = figures.filter(isOver);
  if (!values.json && over.some(({ unit }) => unit === 'ms')) {
    console.log(
      'Milliseconds count on a quiet machine only: let nothing else run beside it, and measure again.',
    );
  }
  return over.length > 0 ? EXIT.notYet : EXIT.ok;
}
