import { availableParallelism } from 'node:os';
import { findLessons, lessonNumbered } from '../course/lessons.ts';
import { renderVerdict } from '../grader/report.ts';
import { startBusyLoops, stopBusyLoops } from '../proof/verify/busy-loops.ts';
import { flakeTable, type Grading, gradeAgain } from '../proof/verify/flake.ts';
import { countFlag, readArguments } from '../shared/arguments.ts';
import { EXIT } from '../shared/errors.ts';
import { shown } from '../shared/paths.ts';

const OPTIONS = { times: { type: 'string' }, loops: { type: 'string' } } as const;
const TIMES = 50;
const LOOPS_PER_CORE = 4;

/**
 * `npm run verify:flake [n…]`: grades solutions again and again while all cores are kept busy. None may fail.
 * `-- --times N` grades each N times, `-- --loops N` starts N busy processes. Ctrl+C ends it and prints what was measured.
 */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  const times = countFlag('times', values.times) ?? TIMES;
  const loops = countFlag('loops', values.loops) ?? LOOPS_PER_CORE * availableParallelism();
  const all = findLessons();
  const lessons = positionals.length ? positionals.map((n) => lessonNumbered(n, all)) : all;

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  const gradings: Grading[] = [];
  console.log(`${lessons.length * times} gradings, with ${loops} processes that keep the cores busy`);
  await startBusyLoops(loops);
  await gradeAgain(lessons, times, hear, stop.signal);
  stopBusyLoops();

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
