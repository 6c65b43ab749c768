import { existsSync } from 'node:fs';
import { solutionOf, starterOf } from '../../course/answers.ts';
import { editedFiles, findLessons, type Lesson } from '../../course/lessons.ts';
import { filesOf, type RecordedAnswer } from '../../grader/check/recorded.ts';
import type { Judge } from '../../grader/grade.ts';
import { readLayered } from '../../grader/graded-copy.ts';
import type { LessonVerdict, StepVerdict } from '../../grader/verdict.ts';
import { ROOT } from '../../shared/paths.ts';
import { type Message, messageOf } from './messages.ts';
import { loadAnswers } from './structure.ts';

/** One property that grading must prove. */
export interface Proof {
  /** 'lesson 3: the solution passes' */
  readonly name: string;
  /** The lesson's number. */
  readonly lesson: number;
  /** @returns what is wrong; undefined when it is proven; Unproven when this machine cannot run it */
  readonly run: (judge: Judge) => Promise<string | Unproven | undefined>;
}

/** A step that the proof needs was skipped on this machine. */
export class Unproven {
  readonly reason: string;
  constructor({ id, reason = '' }: StepVerdict) {
    this.reason = `${id} is skipped: ${reason.split('\n')[0]}`;
  }
}

/**
 * What must hold for every lesson: the starter fails, the solution passes, recorded answers get their verdicts.
 * @param hear called with the message for each wrong answer
 */
export async function gradingProofs(
  root = ROOT,
  lessons: readonly Lesson[] = findLessons(root),
  hear: (message: Message) => void = () => {},
): Promise<Proof[]> {
  const gradable = lessons.filter(
    (lesson) => existsSync(lesson.dir) && existsSync(lesson.checkFile) && editedFiles(lesson).length > 0,
  );
  const each = await Promise.all(
    gradable.map(async (lesson) => {
      const answers = await answersOf(lesson);
      return [
        starterProof(lesson),
        solutionProof(lesson),
        ...answers.map((answer) => answerProof(lesson, answer, hear)),
      ];
    }),
  );
  return each.flat();
}

/** The recorded answers of a lesson; none where there is no file of them. */
async function answersOf(lesson: Lesson): Promise<readonly RecordedAnswer[]> {
  return (existsSync(lesson.answersFile) && (await loadAnswers(lesson))) || [];
}

/** The recorded answers that must fail. */
export async function wrongAnswers(lesson: Lesson): Promise<RecordedAnswer[]> {
  return (await answersOf(lesson)).filter(({ fails }) => fails);
}

function starterProof(lesson: Lesson): Proof {
  return {
    name: `lesson ${lesson.number}: the starter fails in the check's own words`,
    lesson: lesson.number,
    run: async (judge) => starterProblem(await judge.grade(lesson, starterOf(lesson))),
  };
}

function starterProblem({ verdict, steps }: LessonVerdict): string | undefined {
  if (verdict === 'pass') return 'it passes: there is nothing left to do';
  const crash = steps.find((step) => step.crashed || step.verdict === 'error');
  if (crash) return `it breaks down at step ${crash.id}: ${verdictText(crash)}`;
  return undefined;
}

function solutionProof(lesson: Lesson): Proof {
  return {
    name: `lesson ${lesson.number}: the solution passes`,
    lesson: lesson.number,
    run: async (judge) => notPassed(await judge.grade(lesson, solutionOf(lesson))),
  };
}

function answerProof(lesson: Lesson, answer: RecordedAnswer, hear: (message: Message) => void): Proof {
  const { name, fails, lacking } = answer;
  return {
    name: `lesson ${lesson.number}: ${fails ? 'wrong' : 'right'}: ${name}`,
    lesson: lesson.number,
    run: async (judge) => {
      const solution = solutionOf(lesson);
      let files: Record<string, string>;
      try {
        files = filesOf(answer, (file) => readLayered(solution, file));
      } catch (error) {
        return (error as Error).message;
      }
      if (lacking && judge.engine.kind === 'embedded')
        return blamed(await judge.grade(lesson, { ...solution, files }), lacking);
      const verdict = await judge.grade(lesson, { ...solution, files }, { untilFailure: true });
      if (!fails) return notPassed(verdict);
      const problem = notFailedAt(verdict, fails);
      const failed = verdict.steps.find(({ verdict }) => verdict === 'fail');
      if (!problem && failed) hear(messageOf(lesson, name, failed));
      return problem;
    },
  };
}

/** What is wrong with the verdict on an answer that uses what this engine lacks: a step fails it, or none names what is lacking. */
function blamed({ steps }: LessonVerdict, lacking: string): string | undefined {
  const wrong = steps.find(
    ({ verdict, unsupported }) => verdict === 'fail' || (verdict === 'error' && !unsupported),
  );
  if (wrong)
    return `it should not be graded, for the engine lacks ${lacking}, and fails at ${wrong.id}: ${verdictText(wrong)}`;
  const [first] = steps.filter(({ unsupported }) => unsupported);
  if (!first) return `no step says that the engine lacks ${lacking}`;
  return first.unsupported === lacking
    ? undefined
    : `${first.id} names ${first.unsupported}, and not ${lacking}`;
}

function notFailedAt(
  { steps }: LessonVerdict,
  { step, says }: NonNullable<RecordedAnswer['fails']>,
): string | Unproven | undefined {
  const expected = steps.find(({ id }) => id === step);
  if (expected?.verdict === 'skipped') return new Unproven(expected);
  const first = steps.find(({ verdict }) => verdict === 'fail' || verdict === 'error');
  if (!first) return `it passes, and should fail at ${step}`;
  if (first.id !== step) return `it should fail at ${step}, and fails at ${first.id}: ${verdictText(first)}`;
  if (!verdictText(first).includes(says))
    return `${first.id} should say "${says}", and says: ${verdictText(first)}`;
  return undefined;
}

function notPassed({ steps }: LessonVerdict): string | Unproven | undefined {
  const first = steps.find(({ verdict }) => verdict === 'fail' || verdict === 'error');
  if (first) return `it fails at ${first.id}: ${verdictText(first)}`;
  const skipped = steps.find(({ verdict }) => verdict === 'skipped');
  return skipped && new Unproven(skipped);
}

/** A step's message for a learner, in one line. */
function verdictText({ got = '', likely = '', reason = '' }: StepVerdict): string {
  return [got, likely, reason].filter(Boolean).join(' / ').replaceAll('\n', ' / ');
}
