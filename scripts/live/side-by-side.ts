import chalk from 'chalk';
import wrapAnsi from 'wrap-ansi';

/** A column narrower than this, in characters, is hard to read: then each line has the name in front. */
const LEAST_WIDTH = 48;

/**
 * How to show what several instances print: side by side, each in a column of its own, when the terminal is wide enough;
 * else below each other, each line with its name in front.
 * @returns what to print for one line of an instance
 */
export function sideBySide(
  names: readonly string[],
  columns: number,
): (name: string, line: string) => string {
  const width = Math.floor(columns / names.length);
  return (name, line) => {
    const front = `${name} ${chalk.dim('│')} `;
    if (width < LEAST_WIDTH) return front + line;
    const indent = ' '.repeat(width * names.indexOf(name));
    const room = width - `${name} │ `.length - 1;
    return wrapAnsi(line, room, { hard: true, trim: false })
      .split('\n')
      .map((each) => indent + front + each)
      .join('\n');
  };
}
