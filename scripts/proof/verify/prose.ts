import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { marked, type Tokens } from 'marked';
import { namesIn } from '../../setup/files.mjs';
import { ROOT, shown } from '../../shared/paths.ts';
import type { Problem } from './problem.ts';

/** Problems of the project's Markdown: commands that do not exist, and code that does not match its file. */
export function proseProblems(root = ROOT): Problem[] {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return markdownFiles(root).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const where = shown(file, root);
    return [...unknownCommands(text, Object.keys(scripts)), ...staleExcerpts(text, root)].map((what) => ({
      where,
      what,
    }));
  });
}

/** What is wrong with the npm commands in a text. */
export function unknownCommands(text: string, scripts: readonly string[]): string[] {
  const named = [
    ...[...text.matchAll(/\bnpm run (?:-s |--silent )?([a-z][\w:-]*)/g)].map(([, name = '']) => name),
    ...[...text.matchAll(/\bnpm (test|start)\b/g)].map(([, name = '']) => name),
  ];
  return [...new Set(named)]
    .filter((name) => !scripts.includes(name))
    .map((name) => `It shows the command "${name}", which package.json does not have.`);
}

/** What is wrong with the code in a text: TypeScript and JavaScript must come from a file, or be called a sketch. */
export function staleExcerpts(text: string, root: string): string[] {
  const blocks: Tokens.Code[] = [];
  // At every depth: hints have their code inside a list.
  marked.walkTokens(marked.lexer(text), (token) => {
    if (token.type === 'code') blocks.push(token as Tokens.Code);
  });
  return blocks.flatMap(({ lang = '', text: code }) => {
    const [language = '', ...info] = lang.split(' ');
    if (!/^(?:ts|js|typescript|javascript)$/.test(language) || info.includes('sketch')) return [];
    const file = info.find((word) => word.startsWith('file='))?.slice('file='.length);
    const shows = `The code that begins with "${code.trim().split('\n')[0]}"`;
    if (!file)
      return [
        `${shows} names no file. Write \`\`\`ts file=solutions/… or, if it is in no file, \`\`\`ts sketch.`,
      ];
    if (!existsSync(join(root, file))) return [`${shows} is from ${file}, which is not there.`];
    const lines = readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');
    return lines.includes(code.replaceAll('\r\n', '\n'))
      ? []
      : [`${shows} does not stand in ${file} like this.`];
  });
}

/** Every Markdown file of the project that a person reads. */
function markdownFiles(root: string): string[] {
  const top = ['README.md', 'CONTRIBUTING.md']
    .map((name) => join(root, name))
    .filter((file) => existsSync(file));
  const deep = ['lessons', 'solutions', 'checks']
    .map((name) => join(root, name))
    .filter((dir) => existsSync(dir))
    .flatMap((dir) =>
      namesIn(dir, { recursive: true })
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(dir, name)),
    );
  return [...top, ...deep];
}
