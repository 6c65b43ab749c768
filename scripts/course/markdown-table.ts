import { stripVTControlCharacters } from 'node:util';
import chalk from 'chalk';
import wrapAnsi from 'wrap-ansi';

const GAP = '  ';
/** A column is not made narrower than this for the sake of another one. */
const LEAST_WIDTH = 12;

/**
 * A table for the terminal: no frame, since on a projector each line is dear, and no line longer than the width. What
 * does not fit is wrapped inside its column.
 * @param rows the head first; each cell may be coloured
 */
export function renderTable([head = [], ...body]: readonly string[][], width: number): string {
  const widths = columnWidths([head, ...body], width);
  const rule = widths.map((each) => '─'.repeat(each));
  return [head.map((cell) => chalk.bold(cell)), rule, ...body]
    .flatMap((row) => lines(row, widths))
    .join('\n');
}

/** As wide as the cells need; where that is too much, the widest columns give first. */
function columnWidths(rows: readonly string[][], width: number): number[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => length(row[at] ?? ''))));
  const least = Math.max(LEAST_WIDTH, Math.floor(width / widths.length / 2));
  for (let over = sum(widths) + GAP.length * (widths.length - 1) - width; over > 0; over -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= least) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** The lines of one row, as many as its longest cell has. */
function lines(row: readonly string[], widths: readonly number[]): string[] {
  const cells = row.map((cell, at) => wrapAnsi(cell, widths[at] ?? 0).split('\n'));
  const height = Math.max(...cells.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    cells
      .map(
        (cell, at) =>
          (cell[line] ?? '') + ' '.repeat(Math.max(0, (widths[at] ?? 0) - length(cell[line] ?? ''))),
      )
      .join(GAP)
      .trimEnd(),
  );
}

const length = (text: string) => stripVTControlCharacters(text).length;
const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
