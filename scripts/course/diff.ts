import chalk from 'chalk';
import { diffLines } from 'diff';

/** A coloured line diff, with `context` unchanged lines around each change. */
export function renderDiff(before: string, after: string, context = 3): string {
  const lines = diffLines(before, after).flatMap(({ value, added, removed }) => {
    const sign = added ? '+' : removed ? '-' : ' ';
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ sign, text }));
  });
  const near = (i: number) =>
    lines.slice(Math.max(0, i - context), i + context + 1).some(({ sign }) => sign !== ' ');
  const out: string[] = [];
  lines.forEach(({ sign, text }, i) => {
    if (!near(i)) {
      if (out.at(-1) !== GAP) out.push(GAP);
      return;
    }
    const colour = sign === '+' ? chalk.green : sign === '-' ? chalk.red : chalk.dim;
    out.push(colour(`  ${sign} ${text}`));
  });
  return out.join('\n');
}

const GAP = '    …';
