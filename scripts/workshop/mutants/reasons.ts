import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Lesson } from '../lessons.ts';

/** Why mutants of a solution may pass: each reason, and the names of the mutants that it is true of. */
export type Reasons = Readonly<Record<string, readonly string[]>>;

/** Where a lesson's reasons are. */
export function reasonsFile(lesson: Lesson): string {
  return join(lesson.answersFile, '..', 'survivors.ts');
}

/** A lesson's reasons, from the file `survivors.ts` beside its recorded answers. Without it there are none. */
export async function loadReasons(lesson: Lesson): Promise<Reasons> {
  const file = reasonsFile(lesson);
  if (!existsSync(file)) return {};
  return ((await import(pathToFileURL(file).href)) as { default: Reasons }).default;
}
