import { stripVTControlCharacters } from 'node:util';
import wrapAnsi from 'wrap-ansi';

/** How a table is drawn. */
export interface TableStyle {
  /** The text between two columns; default: two spaces. */
  readonly gap?: string;
  /** The widest line, in columns of the terminal. Cells are wrapped to fit. Default: unlimited. */
  readonly width?: number;
  /** Whether a column is aligned to the right. */
  readonly isRight?: (column: number) => boolean;
  /** Whether there is a rule below the first row. */
  readonly rule?: boolean;
}

/** The least width of a column when others need room. */
const MIN_WIDTH = 12;

/**
 * A table without a frame, for the terminal.
 * @param rows the head first; cells may be coloured
 * @returns its lines
 */
export function tableLines(
  rows: readonly (readonly string[])[],
  { gap = '  ', width = Number.POSITIVE_INFINITY, isRight = () => false, rule = false }: TableStyle = {},
): string[] {
  const widths = columnWidths(rows, width, gap.length);
  const [head = [], ...body] = rows;
  const ruled = rule ? [head, widths.map((each) => '─'.repeat(each)), ...body] : rows;
  return ruled.flatMap((row) => {
    const cells = widths.map((each, at) => wrapCell(row[at] ?? '', each));
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((cell, at) => pad(cell[line] ?? '', widths[at] ?? 0, isRight(at)))
        .join(gap)
        .trimEnd(),
    );
  });
}

/** The widths that the cells need. When they do not fit, the widest columns become narrower first. */
function columnWidths(rows: readonly (readonly string[])[], width: number, gap: number): number[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => lengthOf(row[at] ?? ''))));
  const least = Math.max(MIN_WIDTH, Math.floor(width / widths.length / 2));
  const total = widths.reduce((sum, each) => sum + each, gap * (widths.length - 1));
  for (let over = total - width; over > 0; over -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] ?? 0) <= least) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function wrapCell(cell: string, width: number): string[] {
  return lengthOf(cell) > width ? wrapAnsi(cell, width).split('\n') : [cell];
}

function pad(text: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - lengthOf(text)));
  return isRight ? space + text : text + space;
}

const lengthOf = (text: string) => stripVTControlCharacters(text).length;
