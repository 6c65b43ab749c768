import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurns, median, ratio } from '../../shared/measure.ts';
import type { Figure } from '../bench-engine/figure.ts';
import { npmRunToEnd } from './npm.ts';

/** The script in the copy's package.json for the yardstick: one empty test, run by vitest. */
const BARE = 'bench:bare';

/** What a learner types, and how many times as long as the yardstick it may take. */
const COMMANDS: readonly { readonly line: string; readonly limit: number }[] = [
  { line: 'check 3', limit: 2 },
  { line: 'check -- --solutions', limit: 12 },
  { line: 'list', limit: 0.5 },
  { line: 'hint 3', limit: 0.5 },
  { line: 'reset 1', limit: 0.5 },
];

/** @returns the figures, and the milliseconds of each round of the yardstick */
export async function measureCommands(
  dir: string,
  rounds: number,
): Promise<{ figures: Figure[]; bare: number[] }> {
  layYardstick(dir);
  const works = [BARE, ...COMMANDS.map(({ line }) => line)].map((line) => () => npmRunToEnd(dir, line));
  const [bare = [], ...times] = await inTurns(works, rounds);
  const figures = COMMANDS.map(({ line, limit }, at): Figure => {
    const own = times[at] ?? [];
    return {
      name: `npm run ${line}`,
      value: ratio(own, bare),
      unit: 'times',
      limit,
      detail: `${Math.round(median(own))} ms; an empty vitest run: ${Math.round(median(bare))} ms`,
    };
  });
  return { figures, bare };
}

/** Puts the empty test and its script into the copy. */
function layYardstick(dir: string): void {
  const folder = join(dir, '.workshop', 'yardstick');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'empty.test.ts'), "import { it } from 'vitest';\nit('is empty', () => {});\n");
  // Without a config Vitest takes the workshop's, with its set-up for each file.
  writeFileSync(join(folder, 'vitest.config.mjs'), 'export default {};\n');
  const file = join(dir, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { scripts: Record<string, string> };
  manifest.scripts[BARE] = 'vitest run --root .workshop/yardstick';
  writeFileSync(file, JSON.stringify(manifest, null, 2));
}
