import { existsSync } from 'node:fs';
import { join } from 'node:path';
import chalk from 'chalk';
import open from 'open';
import { findLab, LABS, listLabs } from '../labs/labs.ts';
import { measure, type Result } from '../labs/measure.ts';
import { fetchLabPackages } from '../labs/packages.ts';
import { conditions } from '../labs/page.ts';
import { keep } from '../labs/results.ts';
import { Progress } from '../mongo/download-progress.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';
import { renderTable } from '../shared/figures-table.ts';
import { importSource } from '../shared/import-source.ts';
import { shown } from '../shared/paths.ts';

/** A lab with its own command, which can be deleted. */
const STORES = join(import.meta.dirname, 'lab-stores.ts');

/**
 * `npm run lab [name] [--quick] [--json] [--open]`: measures a claim, prints a table, and writes a chart page. Without a name it lists the
 * labs. Ctrl+C keeps what was measured by then.
 */
export async function main(args: string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === 'stores' && existsSync(STORES)) {
    const command = (await importSource(STORES)) as { main(args: string[]): Promise<number> };
    return command.main(rest);
  }
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = readArguments(args, { quick: flag, json: flag, open: flag });
  const [name] = positionals;
  if (positionals.length > 1) {
    throw new UsageError(`npm run lab takes one lab, and was given ${positionals.join(' ')}.`);
  }
  if (name === undefined) {
    const labs = LABS.map(({ name, claim }) => ({ name, claim }));
    console.log(values.json ? JSON.stringify({ schema: 1, labs }, null, 2) : overview());
    return EXIT.ok;
  }

  const lab = findLab(name);
  if (!(await fetchLabPackages(console.error))) {
    console.error('Stopped. Nothing was kept of it; npm run lab fetches it again.');
    return EXIT.interrupted;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  const bar = new Progress();
  const { result, error } = await measure(lab, {
    size: values.quick ? 'quick' : 'full',
    signal: stop.signal,
    progress: process.stderr.isTTY
      ? (part, doing) => bar.bar(part, 1, `the lab: ${doing}`)
      : inLines((line) => bar.say(line)),
  });
  bar.clear();
  if (result.rows.length === 0) {
    if (error !== undefined) throw error;
    console.error('Stopped before anything was measured.');
    return EXIT.interrupted;
  }
  const page = keep(lab, result);
  console.log(values.json ? JSON.stringify(result, null, 2) : resultText(result, shown(page)));
  if (error !== undefined) throw error;
  if (values.open) await open(page);
  return result.complete ? EXIT.ok : EXIT.interrupted;
}

/** Progress without a terminal: one line for each tenth. */
function inLines(say: (line: string) => void): (part: number, doing: string) => void {
  let told = -1;
  return (part, doing) => {
    const tenth = Math.floor(part * 10);
    if (tenth > told) say(`${String(tenth * 10).padStart(3)} %   ${doing}`);
    told = Math.max(told, tenth);
  };
}

const stores = existsSync(STORES)
  ? '\n  stores   What session stores really do: ours, 20 others, or one of your own.'
  : '';
const overview = () =>
  `\n  Each lab measures one claim on your machine.\n\n${listLabs()}${stores}\n\n  npm run lab memory -- --quick   a first look in a few seconds; --open shows the charts\n`;

function resultText(result: Result, page: string): string {
  const { claim, complete, columns, rows, notes } = result;
  return [
    '',
    `  ${chalk.bold(claim)}`,
    '',
    renderTable(columns, rows),
    '',
    ...(complete ? [] : [chalk.yellow('  Stopped before the end: this is what was measured by then.')]),
    ...notes.map((note) => `  ${note}`),
    '',
    ...conditions(result).map((line) => chalk.dim(`  ${line}`)),
    `  Charts: ${page}`,
    '',
  ].join('\n');
}
