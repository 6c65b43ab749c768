import { answerIn, learnersAnswer, solutionOf } from './workshop/answers.ts';
import { readArguments } from './workshop/arguments.ts';
import { EXIT, UsageError } from './workshop/errors.ts';
import { Judge } from './workshop/grade.ts';
import { findLessons, type Lesson, lessonNumbered, missingInWords } from './workshop/lessons.ts';
import { ROOT } from './workshop/paths.ts';
import { keepPristine } from './workshop/pristine.ts';
import { engineInWords, renderVerdict } from './workshop/report.ts';
import { rememberVerdict } from './workshop/state.ts';
import { type LessonVerdict, verdictOf } from './workshop/verdict.ts';

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
  keepPristine();

  const judge = await Judge.open();
  if (judge.engine.note) console.error(judge.engine.note);
  const verdicts: LessonVerdict[] = [];
  for (const lesson of lessons) {
    const verdict = await judge.grade(lesson, sourceOf(lesson));
    verdicts.push(verdict);
    if (!values.json)
      console.log(renderVerdict(verdict, engineInWords(judge.engine), process.stdout.columns));
    if (!values.solutions && !values.answer) rememberVerdict(lesson, verdict);
  }
  if (values.json) {
    const { kind, version } = judge.engine;
    console.log(JSON.stringify({ schema: 1, engine: { kind, version }, lessons: verdicts }, null, 2));
  }
  await judge.close();
  return exitCode(verdicts);
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
    const source = answerIn(values.answer, lesson, ROOT, whereTyped());
    return () => source;
  }
  if (values.solutions) return solutionOf;
  const [gone] = lessons.flatMap((lesson) => missingInWords(lesson) ?? []);
  if (gone) throw new UsageError(gone);
  return learnersAnswer;
}

/** The folder the command was typed in: `npm run` starts it in the project's own, and hands over the other one. */
function whereTyped({ npm_lifecycle_event, INIT_CWD } = process.env): string {
  return npm_lifecycle_event === 'check' && INIT_CWD ? INIT_CWD : process.cwd();
}

function exitCode(verdicts: readonly LessonVerdict[]): number {
  const verdict = verdictOf(verdicts);
  if (verdict === 'error') return EXIT.environment;
  return verdict === 'fail' ? EXIT.notYet : EXIT.ok;
}
