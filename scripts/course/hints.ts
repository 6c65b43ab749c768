import { existsSync, readFileSync } from 'node:fs';
import { marked, type Tokens } from 'marked';

/** The hints for one step: nudge, pointer, nearly the answer. Each is Markdown. */
export type Ladder = readonly string[];

/**
 * Reads a lesson's hints.md: one `## 3.2 …` section for each step, with a numbered list.
 * @returns step id to its ladder; empty when there is no such file
 */
export function readHints(file: string): Map<string, Ladder> {
  const ladders = new Map<string, Ladder>();
  if (!existsSync(file)) return ladders;
  let id: string | undefined;
  for (const token of marked.lexer(readFileSync(file, 'utf8'))) {
    if (token.type === 'heading') id = /^(\d+\.\d+)\b/.exec(token.text)?.[1];
    if (token.type !== 'list' || id === undefined) continue;
    ladders.set(
      id,
      (token as Tokens.List).items.map((item) => item.text),
    );
  }
  return ladders;
}
