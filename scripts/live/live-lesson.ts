import open from 'open';
import { findLessons, type Lesson } from '../course/lessons.ts';
import { prepareWork } from '../course/prepare.ts';
import { readProgress } from '../course/progress.ts';
import { nextLesson } from '../course/which-lesson.ts';
import { Judge } from '../grader/grade.ts';
import { describeEngine } from '../grader/report.ts';
import { ROOT } from '../shared/paths.ts';
import { RunningLesson, watchedPaths } from './running-lesson.ts';
import { onSave } from './saves.ts';
import { LessonTerminal } from './terminal.ts';
import { Workbench } from './workbench/workbench.ts';

/** Shown when a learner goes on while the last save is graded. */
const GRADING_STILL =
  'Your last save is being graded: the next lesson opens when that has ended. Press n again to go on now.';

/** How an open lesson ends: the learner quits, or another lesson follows, or the same one again. */
type Way = {
  readonly to: Lesson | undefined;
  /** The lesson itself could not be opened. */
  readonly failed?: true;
};

/**
 * Opens a lesson and keeps it open: its text, the learner's shop restarted on each save, the steps graded on each save, in the
 * terminal and in the workbench. Goes on to other lessons when asked. Resolves when the learner quits; nothing that was started is
 * left then.
 * @param opens whether the workbench is opened in a browser at once
 */
export async function openLesson(first: Lesson, { opens = false } = {}): Promise<void> {
  let go = (_: Way) => {};
  const judge = await Judge.open();
  const bench = await Workbench.open({
    engine: describeEngine(judge.engine),
    lessons: passedLessons,
    open: (number) => {
      const lessons = findLessons();
      const to =
        number === undefined
          ? nextLesson(lessons, bench.lesson.lesson)
          : lessons.find((each) => each.number === number);
      if (!to) return number === undefined ? 'Every lesson passes.' : `There is no lesson ${number}.`;
      go({ to });
      return undefined;
    },
  });
  const terminal = new LessonTerminal(judge.engine, bench.url);
  const quit = () => go({ to: undefined });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quit);
  if (opens) openInBrowser(bench.url);

  let before: Lesson | undefined;
  for (let lesson: Lesson | undefined = first; lesson; ) {
    const nextWay = () =>
      new Promise<Way>((resolve) => {
        go = resolve;
      });
    const way: Way = await playLesson(lesson, before, { judge, bench, terminal, nextWay, quit });
    before = way.failed ? undefined : lesson;
    lesson = way.to;
  }
  terminal.close();
  await Promise.all([judge.close(), bench.close()]);
}

interface Around {
  readonly judge: Judge;
  readonly bench: Workbench;
  readonly terminal: LessonTerminal;
  /** The learner's next choice, by a key or in the workbench. */
  readonly nextWay: () => Promise<Way>;
  readonly quit: () => void;
}

/**
 * One lesson, from its text to its end.
 * @param before the lesson that was open: it opens again when this one cannot be opened
 * @throws {Error} when this one cannot be opened and there was none before
 */
async function playLesson(lesson: Lesson, before: Lesson | undefined, around: Around): Promise<Way> {
  const { judge, bench, terminal, nextWay, quit } = around;
  const way = nextWay();
  let running: RunningLesson;
  try {
    prepareWork([lesson]);
    // A lesson that opens again keeps its reader's place.
    if (before?.number !== lesson.number) terminal.begins(lesson);
    running = await RunningLesson.open(lesson, judge, bench.xray, terminal.say);
  } catch (error) {
    if (!before) throw error;
    for (const say of [terminal.say, bench.say])
      say(`Lesson ${lesson.number} could not be opened: ${(error as Error).message}`);
    return { to: before, failed: true };
  }
  bench.show(running);
  terminal.shows(running, {
    next: () => {
      const refused = bench.course.open();
      if (refused) terminal.say(refused);
    },
    open: () => openInBrowser(bench.url),
    quit,
  });
  let isFirst = true;
  const onSaved = async (saved: readonly string[]) => {
    // The shop's variables come from .env: the whole lesson opens again.
    if (saved.some((path) => path.endsWith('.env')) && !isFirst) {
      terminal.say('.env was saved: the lesson opens anew.');
      bench.course.open(lesson.number);
      return;
    }
    isFirst = false;
    for (const line of await running.reload()) terminal.say(line);
    terminal.graded();
  };
  const saves = onSave(watchedPaths(lesson), onSaved, terminal.say);
  let chosen = await way;
  // Closing now would cut the grading off, and leave the verdict of the save before it.
  if (running.graded && running.gradingSince && chosen.to && chosen.to.number !== lesson.number) {
    terminal.say(GRADING_STILL);
    const first = chosen;
    chosen = await Promise.race([saves.idle().then(() => first), nextWay()]);
  }
  terminal.ends(chosen.to);
  await saves.stop();
  await running.close();
  return chosen;
}

function passedLessons() {
  const { lessons: known } = readProgress(ROOT);
  return findLessons().map((lesson) => ({ lesson, passed: known[lesson.folder]?.verdict === 'pass' }));
}

/** Without a browser nothing happens: the address is in the terminal. */
function openInBrowser(url: string): void {
  open(url).then(
    (child) => child.once('error', () => {}),
    () => {},
  );
}
