import { answerIn, learnersAnswer, solutionOf } from '../course/answers.ts';
import { findLessons, type Lesson, lessonNumbered } from '../course/lessons.ts';
import { recordVerdict } from '../course/map/milestone.ts';
import { prepareWork } from '../course/prepare.ts';
import { verdictListener } from '../course/report-verdict.ts';
import type { AnswerSource } from '../grader/graded-copy.ts';
import { judgeEach } from '../grader/judges.ts';
import { describeEngine, renderVerdict } from '../grader/report.ts';
import { type LessonVerdict, verdictOf } from '../grader/verdict.ts';
import { WorkshopFiles } from '../grader/workshop-files.ts';
import type { Mongo } from '../mongo/index.ts';
import { readArguments, whereTyped } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';

const OPTIONS = {
  json: { type: 'boolean' },
  solutions: { type: 'boolean' },
  answer: { type: 'string' },
} as const;

/** `npm run check [n…]`: grades the named lessons, or all, once. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  const all = findLessons();
  const lessons = positionals.length ? positionals.map((given) => lessonNumbered(given, all)) : all;
  const sourceOf = chooseAnswers(lessons, values);

  const listener = await verdictListener();
  const verdicts: LessonVerdict[] = [];
  const tell: Told = async (lesson, verdict, engine) => {
    verdicts.push(verdict);
    if (verdicts.length === 1 && engine.note) console.error(engine.note);
    if (!values.json) console.log(renderVerdict(verdict, describeEngine(engine), process.stdout));
    if (values.solutions || values.answer) return;
    const milestone = recordVerdict(lesson, verdict);
    if (milestone && !values.json) console.log(milestone);
    await listener.queueVerdict(verdict);
  };
  // An author who grades solutions may be changing the workshop meanwhile.
  const files = values.solutions ? undefined : new WorkshopFiles();
  const { kind, version } = await gradeInOrder(lessons, sourceOf, tell, files);
  if (values.json) {
    console.log(JSON.stringify({ schema: 1, engine: { kind, version }, lessons: verdicts }, null, 2));
  }
  await listener.sendQueued();
  return exitCode(verdicts);
}

type Told = (lesson: Lesson, verdict: LessonVerdict, engine: Mongo) => Promise<void>;

/**
 * Grades lessons side by side, and prints their verdicts in the order of the lessons, each as soon as possible.
 * @returns the engine they were graded on
 */
async function gradeInOrder(
  lessons: readonly Lesson[],
  sourceOf: (lesson: Lesson) => AnswerSource,
  tell: Told,
  files: WorkshopFiles | undefined,
): Promise<Mongo> {
  const graded = new Map<Lesson, LessonVerdict>();
  const left = [...lessons];
  let told = Promise.resolve();
  const engine = await judgeEach(longOnesEarly(lessons), async (judge, lesson) => {
    graded.set(lesson, await judge.grade(lesson, sourceOf(lesson), { files }));
    for (let [next] = left; next && graded.has(next); [next] = left) {
      const [first, verdict] = [next, graded.get(next) as LessonVerdict];
      left.shift();
      told = told.then(() => tell(first, verdict, judge.engine));
    }
  });
  await told;
  if (!engine) throw new Error('there is no lesson to grade');
  return engine;
}

/** How many of the last lessons are begun early: they take longest, and a late begin would delay the end. */
const LONG_LESSONS = 3;

/** The first, for a quick first verdict; the last few, from the end; then the others in order. */
function longOnesEarly<T>(items: readonly T[]): T[] {
  const [first, ...others] = items;
  const long = others.splice(-LONG_LESSONS).reverse();
  return first === undefined ? [] : [first, ...long, ...others];
}

/** Which files are graded: the learner's, the solutions, or those in a folder. */
function chooseAnswers(
  lessons: readonly Lesson[],
  values: Record<keyof typeof OPTIONS, string | boolean | undefined>,
) {
  if (typeof values.answer === 'string') {
    const [lesson, ...others] = lessons;
    if (!lesson || others.length) {
      throw new UsageError('--answer needs the number of its one lesson: npm run check 3 -- --answer DIR');
    }
    const source = answerIn(values.answer, lesson, ROOT, whereTyped('check'));
    return () => source;
  }
  if (values.solutions) return solutionOf;
  prepareWork(lessons);
  return learnersAnswer;
}

function exitCode(verdicts: readonly LessonVerdict[]): number {
  const verdict = verdictOf(verdicts);
  if (verdict === 'error') return EXIT.environment;
  return verdict === 'fail' ? EXIT.notYet : EXIT.ok;
}
