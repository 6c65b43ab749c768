import open from 'open';
import { findLessons, type Lesson } from '../course/lessons.ts';
import { prepareWork } from '../course/prepare.ts';
import { readProgress } from '../course/progress.ts';
import { nextLesson } from '../course/which-lesson.ts';
import { Judge } from '../grader/grade.ts';
import { engineInWords } from '../grader/report.ts';
import { ROOT } from '../shared/paths.ts';
import { RunningLesson, watchedPaths } from './running-lesson.ts';
import { onSave } from './saves.ts';
import { LessonTerminal } from './terminal.ts';
import { Workbench } from './workbench/workbench.ts';

/** What a lesson that is open can be told to do with itself: end, or go on to another (or to itself, anew). */
type Way = { readonly to: Lesson | undefined };

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
    engine: engineInWords(judge.engine),
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

  for (let lesson: Lesson | undefined = first; lesson; ) {
    const way = new Promise<Way>((resolve) => {
      go = resolve;
    });
    lesson = (await playLesson(lesson, { judge, bench, terminal, way, quit })).to;
  }
  terminal.close();
  await Promise.all([judge.close(), bench.close()]);
}

interface Around {
  readonly judge: Judge;
  readonly bench: Workbench;
  readonly terminal: LessonTerminal;
  readonly way: Promise<Way>;
  readonly quit: () => void;
}

/** One lesson, from its text to the way on. */
async function playLesson(lesson: Lesson, { judge, bench, terminal, way, quit }: Around): Promise<Way> {
  prepareWork([lesson]);
  terminal.begins(lesson);
  const running = await RunningLesson.open(lesson, judge, bench.xray, terminal.say);
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
  const stopWatching = onSave(watchedPaths(lesson), async (saved) => {
    // What the shop is told comes from .env: all of it is opened anew.
    if (saved.some((path) => path.endsWith('.env')) && !isFirst) {
      terminal.say('.env was saved: the lesson opens anew.');
      bench.course.open(lesson.number);
      return;
    }
    isFirst = false;
    for (const line of await running.reload()) terminal.say(line);
    terminal.graded();
  });
  const chosen = await way;
  terminal.ends(chosen.to === undefined);
  await stopWatching();
  await running.close();
  return chosen;
}

function passedLessons() {
  const { lessons: known } = readProgress(ROOT);
  return findLessons().map((lesson) => ({ lesson, passed: known[lesson.folder]?.verdict === 'pass' }));
}

/** A machine without a browser changes nothing: the address stands in the terminal. */
function openInBrowser(url: string): void {
  open(url).then(
    (child) => child.once('error', () => {}),
    () => {},
  );
}
