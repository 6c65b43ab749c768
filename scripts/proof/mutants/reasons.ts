import { join } from 'node:path';
import type { Lesson } from '../../course/lessons.ts';
import { UsageError } from '../../shared/errors.ts';
import { shown } from '../../shared/paths.ts';
import { textOf } from './inputs.ts';

/** Why mutants of a solution may pass: each reason, and the names of its mutants. */
export type Reasons = Readonly<Record<string, readonly string[]>>;

/** Where a lesson's reasons are: beside its recorded answers. */
export function reasonsFile(lesson: Lesson): string {
  return join(lesson.answersFile, '..', 'survivors.json');
}

/**
 * A lesson's reasons; none when it has no file of them.
 * @throws UsageError when the file cannot be read
 */
export function readReasons(lesson: Lesson): Reasons {
  const file = reasonsFile(lesson);
  const text = textOf(file);
  try {
    return text ? JSON.parse(text) : {};
  } catch (error) {
    throw new UsageError(
      `${shown(file)} cannot be read: ${(error as Error).message}. It maps reasons to lists of mutants: { "reason": ["mutant"] }`,
    );
  }
}
