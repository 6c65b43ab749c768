import wrapAnsi from 'wrap-ansi';

/**
 * Breaks a line at spaces; later lines are indented under its text, as in a list. A word longer than the width stays
 * whole, so a path can be copied; the frame of a table stays as it is. wrap-ansi was chosen because it counts columns, not characters, and keeps colours.
 */
export function wrapHanging(line: string, width: number): string[] {
  if (/^\W*[│┌├└]/.test(line)) return [line];
  const [indent = ''] = /^\s*(?:[*-] |\d+\. )?/.exec(line) ?? [];
  const lines = wrapAnsi(line.slice(indent.length), Math.max(20, width - indent.length)).split('\n');
  return lines.map((each, i) => (i === 0 ? indent : ' '.repeat(indent.length)) + each);
}
