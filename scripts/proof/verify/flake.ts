import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { solutionOf } from '../../course/answers.ts';
import type { Lesson } from '../../course/lessons.ts';
import { judgeEach } from '../../grader/judges.ts';
import type { LessonVerdict } from '../../grader/verdict.ts';
import { renderTable } from '../../shared/figures-table.ts';
import { median } from '../../shared/measure.ts';
import { ROOT } from '../../shared/paths.ts';
import { stateDir } from '../../shared/state-dir.ts';

/** One grading of a solution, which must pass. */
export interface Grading {
  readonly lesson: Lesson;
  readonly verdict: LessonVerdict;
  /** The file with the whole verdict; undefined for a pass. */
  readonly keptIn: string | undefined;
}

/**
 * Grades solutions again and again: each lesson once per round.
 * @param hear called with each grading
 * @param signal ends it after the gradings that have begun
 */
export async function gradeAgain(
  lessons: readonly Lesson[],
  times: number,
  hear: (grading: Grading) => void,
  signal: AbortSignal,
  root = ROOT,
): Promise<void> {
  await judgeEach(
    rounds(lessons, times, signal),
    async (judge, { lesson, round }) => {
      const verdict = await judge.grade(lesson, solutionOf(lesson));
      hear({ lesson, verdict, keptIn: verdict.verdict === 'pass' ? undefined : keep(verdict, round, root) });
    },
    root,
  );
}

function* rounds(lessons: readonly Lesson[], times: number, signal: AbortSignal) {
  for (let round = 1; round <= times; round++) {
    for (const lesson of lessons) {
      if (signal.aborted) return;
      yield { lesson, round };
    }
  }
}

/** Stores a verdict that is no pass. @returns the file */
function keep(verdict: LessonVerdict, round: number, root: string): string {
  const dir = join(stateDir(root), 'flakes');
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `lesson-${verdict.number}-round-${round}-${process.pid}.json`);
  writeFileSync(file, `${JSON.stringify(verdict, null, 2)}\n`);
  return file;
}

/** How often each lesson was graded, how often that failed, and how long it took. */
export function flakeTable(gradings: readonly Grading[]): string {
  const columns = [
    { key: 'lesson', title: 'lesson' },
    { key: 'graded', title: 'graded' },
    { key: 'failed', title: 'failed' },
    { key: 'median', title: 'median, s', digits: 1 },
    { key: 'longest', title: 'longest, s', digits: 1 },
  ];
  const numbers = [...new Set(gradings.map(({ lesson }) => lesson.number))].sort((a, b) => a - b);
  const rows = numbers.map((number) => {
    const graded = gradings.filter(({ lesson }) => lesson.number === number);
    const seconds = graded.map(({ verdict }) => verdict.ms / 1000);
    const failed = graded.filter(({ keptIn }) => keptIn).length;
    return {
      lesson: number,
      graded: graded.length,
      failed,
      median: median(seconds),
      longest: Math.max(...seconds),
    };
  });
  return renderTable(columns, rows);
}
