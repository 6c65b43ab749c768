import chalk from 'chalk';
import { renderMarkdown } from './markdown.ts';
import type { Hint } from './next-hint.ts';

/** A hint for the terminal: which one it is, and its text. @param width columns to wrap at */
export function renderHint({ step, rung, of, text }: Hint, width?: number): string {
  return `\n  ${chalk.bold(`Step ${step}, hint ${rung} of ${of}`)}\n\n${renderMarkdown(text, width)}\n`;
}
