import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import chalk from 'chalk';
import open from 'open';
import { learnersAnswer } from '../course/answers.ts';
import { findLessons, type Lesson } from '../course/lessons.ts';
import { recordVerdict } from '../course/map/milestone.ts';
import { renderMarkdown } from '../course/markdown.ts';
import { nextHint } from '../course/next-hint.ts';
import { leaveNote } from '../course/open-lesson-note.ts';
import { renderHint } from '../course/render-hint.ts';
import { verdictListener } from '../course/report-verdict.ts';
import { missingInWords } from '../course/work.ts';
import { Judge, loadCheck } from '../grader/grade.ts';
import { engineInWords, renderVerdict } from '../grader/report.ts';
import { ROOT } from '../shared/paths.ts';
import { wrapHanging } from '../shared/wrap.ts';
import { openDatabase } from './database.ts';
import { footer } from './footer.ts';
import { CTRL_C, onKey } from './keys.ts';
import { LiveInstances } from './live-instances.ts';
import { LiveShop } from './live-shop.ts';
import { onSave } from './saves.ts';
import { openScenery } from './scenery.ts';
import { sideBySide } from './side-by-side.ts';

const ROLLED = 'Each instance was asked to shut down, and opened in a new process, one after the other.';

const say = (line = '') => console.log(line);
/** What went wrong with a key or a save is said, and the lesson stays open. */
const tell = (error: unknown) => say(chalk.bold((error as Error).message));

/**
 * Opens a lesson and keeps it open: its text, the learner's shop restarted on each save, the steps graded on
 * each save, and keys. Resolves when the learner quits; nothing that was started is left then.
 */
export async function openLesson(lesson: Lesson): Promise<void> {
  const columns = process.stdout.columns ?? 80;
  say(`\nLesson ${lesson.number} of ${findLessons().length}`);
  say(`\n${renderMarkdown(readFileSync(join(lesson.dir, 'README.md'), 'utf8'), columns)}\n`);

  const [judge, database, scenery] = await Promise.all([Judge.open(), openDatabase(), openScenery(lesson)]);
  if (judge.engine.note) say(`${wrapHanging(judge.engine.note, columns).join('\n')}\n`);
  for (const line of scenery.say ?? []) say(line);
  const config = { ...database.config, ...scenery.config };
  // For npm run compass. A database of the learner's own is in .env: its password is written nowhere else.
  const inMemory = database.inMemory || scenery.config?.mongodbUri;
  const takeNoteAway = inMemory ? leaveNote({ lesson: lesson.number, uri: config.mongodbUri }) : () => {};
  // What a scenery sets up goes before `.env`: its config is all that the shop is told then.
  const outside = scenery.config ? { config } : { config, env: database.env };
  const { instances: names } = (await loadCheck(lesson)) ?? {};
  const layOut = names && sideBySide(names, columns);
  const instances =
    layOut && new LiveInstances(names, lesson.workDir, outside, (name, line) => say(layOut(name, line)));
  const shop =
    instances ?? new LiveShop(lesson.workDir, outside, (line) => say(`shop ${chalk.dim('│')} ${line}`));

  const listener = await verdictListener();
  // A verdict that comes after this is of no use: the processes it was reached on are being ended.
  let closing = false;
  const grade = async () => {
    const verdict = await judge.grade(lesson, learnersAnswer(lesson));
    if (closing) return;
    const milestone = recordVerdict(lesson, verdict);
    void listener.reportInBackground(verdict, say);
    say(renderVerdict(verdict, engineInWords(judge.engine), process.stdout));
    if (milestone) say(milestone);
  };
  const reload = async () => {
    const gone = missingInWords(lesson);
    if (gone) {
      say(gone);
      return;
    }
    const done = await Promise.allSettled([shop.restart(), grade()]);
    if (closing) return;
    for (const each of done) if (each.status === 'rejected') tell(each.reason);
    const where = scenery.config?.mongodbUri ?? database.words;
    say(footer({ address: shop.address, database: where, instances: names }));
  };

  let quit = () => {};
  const quitted = new Promise<void>((resolve) => {
    quit = resolve;
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, quit);
  const keys: Record<string, () => unknown> = {
    h: () => sayHint(lesson, columns),
    r: async () => {
      await (instances ? instances.restartRolling() : shop.restart());
      say(instances ? ROLLED : 'The old process ended. The shop runs in a new one.');
    },
    k: () => instances?.killFirst(),
    o: () => shop.address && open(shop.address),
    q: quit,
    [CTRL_C]: quit,
  };
  const giveTerminalBack = onKey(async (key) => {
    try {
      await keys[key]?.();
    } catch (error) {
      tell(error);
    }
  });
  const stopWatching = onSave([lesson.workDir, join(ROOT, 'lessons', 'shop')], reload);
  await quitted;

  closing = true;
  giveTerminalBack();
  takeNoteAway();
  say('\nClosing the shop and its database.');
  await stopWatching();
  await Promise.all([shop.close(), judge.close(), database.close(), scenery.close()]);
}

function sayHint(lesson: Lesson, columns: number): void {
  const hint = nextHint(lesson);
  if (!hint) say('Every step passes. There is nothing left to hint at.');
  else say(renderHint(hint, columns));
}
