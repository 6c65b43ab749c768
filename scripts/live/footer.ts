import chalk from 'chalk';
import { isLow, type TerminalSize } from '../grader/report.ts';

/** What an open lesson shows below each verdict. */
export interface Footing {
  /** Where the shop is; undefined while it is not open. */
  readonly address: string | undefined;
  readonly database: string;
  /** The names of the instances, where a lesson opens several. */
  readonly instances?: readonly string[] | undefined;
  /** Where the workbench is. */
  readonly bench?: string | undefined;
  /** What else is set up, a line each. */
  readonly more?: readonly string[] | undefined;
}

/** Where the shop and its database are, and the keys, when there is a terminal. */
export function footer(
  { address, database, instances, bench, more = [] }: Footing,
  terminal: TerminalSize & { readonly isTTY?: boolean } = process.stdout,
): string {
  const where = address ?? 'not open';
  if (isLow(terminal)) {
    const restart = instances ? ['r rolling', `k kill ${instances[0]}`] : ['r restart'];
    const keys = ['h hint', ...restart, 't text', 'n next', 'o open', 'q quit'].join('   ');
    const rows = [`shop   ${chalk.bold(where)}`, `Mongo  ${database}`, ...(terminal.isTTY ? [keys] : [])];
    return rows.map((row) => `  ${row}`).join('\n');
  }
  const keys = instances ? `r rolling restart   k kill ${instances[0]}` : 'r restart';
  const rows = [
    ['shop', chalk.bold(where)],
    ['bench', bench],
    ['Mongo', database],
    ...more.map((line) => ['', line]),
    ['keys', terminal.isTTY ? `h hint   ${keys}   t text   n next lesson   o open workbench   q quit` : ''],
  ];
  return rows
    .filter(([, text]) => text)
    .map(([label = '', text]) => `  ${label.padEnd(7)}${text}\n`)
    .join('');
}
