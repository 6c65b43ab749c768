import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Lesson } from '../../course/lessons.ts';
import { namesIn } from '../../setup/files.mjs';
import { ROOT } from '../../shared/paths.ts';

/** A short hash of texts, the same on every system. */
export function hash(...texts: readonly string[]): string {
  return createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 16);
}

/** A file's text, with the line ends of this project; empty when there is none. */
export function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r\n', '\n') : '';
}

/**
 * A hash of what decides a mutant's verdict besides the mutant: the lesson's code, its check, and what both import from the shop
 * and from the checks' support. The grader is not part of it: it has tests of its own.
 */
export function hashOfInputs(lesson: Lesson, root = ROOT): string {
  const own = [lesson.dir, lesson.solutionDir].flatMap(codeIn);
  const files = new Set([...own, lesson.checkFile]);
  // Iterating a Set includes elements that are added meanwhile.
  for (const file of files) for (const imported of importsOf(file, root)) files.add(imported);
  return hash(...[...files].map(textOf));
}

function codeIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return namesIn(dir)
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(dir, name));
}

/** The files that a file imports, without types: from `checks/` and from the shop. */
function importsOf(file: string, root: string): string[] {
  const imports = textOf(file).matchAll(/^(?:import|export) (?!type)[^;]*?from '([.#][^']+)'/gm);
  const homes = [join(root, 'checks'), join(root, 'lessons', 'shop')];
  return [...imports]
    .map(([, path = '']) => {
      if (path.startsWith('#checks/')) return join(root, 'checks', path.slice('#checks/'.length));
      if (path.startsWith('#shop/')) return join(root, 'lessons', 'shop', path.slice('#shop/'.length));
      return join(dirname(file), path);
    })
    .filter((path) => homes.some((home) => path.startsWith(home)));
}
