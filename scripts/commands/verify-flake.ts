import { availableParallelism } from 'node:os';
import { findLessons, lessonNumbered } from '../course/lessons.ts';
import { renderVerdict } from '../grader/report.ts';
import { flakeTable, type Grading, gradeAgain } from '../proof/verify/flake.ts';
import { startSpinners, stopSpinners } from '../proof/verify/spinners.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';
import { shown } from '../shared/paths.ts';

const OPTIONS = { times: { type: 'string' }, spinners: { type: 'string' } } as const;
const TIMES = 50;
const SPINNERS_PER_CORE = 4;

/**
 * `npm run verify:flake [n…]`: grades solutions again and again while all cores are kept busy. Not one grading may fail.
 * `-- --times N` grades each so often, `-- --spinners N` with so many processes in the way. Ctrl+C ends it with what there is.
 */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  const times = count('times', values.times) ?? TIMES;
  const spinners = count('spinners', values.spinners) ?? SPINNERS_PER_CORE * availableParallelism();
  const all = findLessons();
  const lessons = positionals.length ? positionals.map((n) => lessonNumbered(n, all)) : all;

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  const gradings: Grading[] = [];
  console.log(`${lessons.length * times} gradings, with ${spinners} processes that keep the cores busy`);
  await startSpinners(spinners);
  await gradeAgain(lessons, times, hear, stop.signal);
  stopSpinners();

  const failed = gradings.filter(({ keptIn }) => keptIn);
  console.log(`\n${flakeTable(gradings)}\n`);
  for (const { keptIn } of failed) console.log(`kept: ${shown(keptIn ?? '')}`);
  console.log(`verify:flake: ${gradings.length - failed.length} passed, ${failed.length} failed`);
  return failed.length ? EXIT.notYet : EXIT.ok;

  function hear(grading: Grading): void {
    gradings.push(grading);
    const { lesson, verdict, keptIn } = grading;
    const count = `${gradings.length} of ${lessons.length * times}`;
    console.log(
      `${count}   lesson ${lesson.number}: ${verdict.verdict}, ${(verdict.ms / 1000).toFixed(1)} s`,
    );
    if (keptIn) console.log(renderVerdict(verdict, 'busy cores', process.stdout));
  }
}

/** A number that a flag was given. @throws UsageError for anything else than a whole number */
function count(flag: string, given: string | boolean | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^\d+$/.test(String(given))) return Number(given);
  throw new UsageError(`--${flag} takes a whole number, and was given "${given}".`);
}
