import { join } from 'node:path';
import { EnvironmentError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';
import { readHints } from './hints.ts';
import type { Lesson } from './lessons.ts';
import { readProgress, rememberHint } from './progress.ts';

/** One of a step's hints. */
export interface Hint {
  /** '3.2' */
  step: string;
  /** Which of the hints this is, from 1. */
  rung: number;
  of: number;
  /** Markdown. */
  text: string;
  /** What can be done next. */
  next: string;
}

/**
 * The next hint for the first step that failed in the last grading, or else for the first that did not pass. Remembers that it was
 * shown. After the last hint it gives the last one again.
 * @returns undefined when the lesson passes
 */
export function nextHint(lesson: Lesson, root = ROOT): Hint | undefined {
  const ladders = readHints(join(lesson.dir, 'hints.md'));
  const progress = readProgress(root).lessons[lesson.folder];
  if (progress?.verdict === 'pass') return undefined;

  const ids = [...ladders.keys()];
  // While another step fails, a skipped one (without a Redis, say) gets no hint.
  const step =
    ids.find((id) => progress?.steps[id] === 'fail') ?? ids.find((id) => progress?.steps[id] !== 'pass');
  const ladder = step === undefined ? undefined : ladders.get(step);
  if (step === undefined || !ladder?.length) {
    throw new EnvironmentError(
      `lessons/${lesson.folder}/hints.md has no hint for this step. git checkout lessons/${lesson.folder} brings the file back, if it was changed.`,
    );
  }
  const rung = Math.min((progress?.hints[step] ?? 0) + 1, ladder.length);
  rememberHint(lesson, step, rung, root);
  const last = rung === ladder.length;
  return {
    step,
    rung,
    of: ladder.length,
    text: ladder[rung - 1] ?? '',
    next: last
      ? `That was the last one. npm run solution ${lesson.number}   shows ours`
      : 'Once more for the next one',
  };
}
