import chalk from 'chalk';
import { isLow, type TerminalSize } from '../grader/report.ts';

/** What an open lesson says below each verdict. */
export interface Footing {
  /** Where the shop is; undefined while it is not open. */
  readonly address: string | undefined;
  readonly database: string;
  /** The names of the instances, where a lesson opens several. */
  readonly instances?: readonly string[] | undefined;
}

/** Where the shop and its database are, and which keys there are: none without a terminal. */
export function footer(
  { address, database, instances }: Footing,
  terminal: TerminalSize & { readonly isTTY?: boolean } = process.stdout,
): string {
  const where = address ?? 'not open';
  if (isLow(terminal)) {
    const keys = [
      'h hint',
      ...(instances ? ['r rolling', `k kill ${instances[0]}`] : ['r restart']),
      'o open',
      'q quit',
    ];
    return `  Mongo  ${database}\n  shop   ${[chalk.bold(where), ...(terminal.isTTY ? keys : [])].join('   ')}`;
  }
  const keys = instances ? `r rolling restart   k kill ${instances[0]}` : 'r restart';
  const rows = [
    ['shop', chalk.bold(where)],
    ['Mongo', database],
    ['keys', terminal.isTTY ? `h hint   ${keys}   o open in the browser   q quit` : ''],
  ];
  return rows
    .filter(([, text]) => text)
    .map(([label = '', text]) => `  ${label.padEnd(7)}${text}\n`)
    .join('');
}
