import chalk from 'chalk';
import type { VerdictWord } from '../../grader/verdict.ts';
import type { Lesson } from '../lessons.ts';
import type { LessonProgress, Progress } from '../progress.ts';

/** Where to go when every lesson passes. */
const FROM_HERE = [
  ['npm start', 'the finished shop: all of it together'],
  ['npm run lab', 'measures on your machine what the lessons claim'],
  ['lessons/REFERENCE.md', 'settings, errors and a checklist for your own app'],
] as const;

/** Shown under a lesson that passed with steps that were not graded: it does not prove all that it says. */
const IN_PART = `${' '.repeat(8)}in part: the steps that were not graded say what they need`;

/**
 * The map of the workshop: each lesson with its time and its last verdict, under a passed one what it proves, and at the
 * end where the learner is. It says everything in words, so it reads the same without colour.
 */
export function renderMap(lessons: readonly Lesson[], { lessons: known }: Progress): string {
  const isPassed = ({ folder }: Lesson) => known[folder]?.verdict === 'pass';
  const here = lessons.find((lesson) => !isPassed(lesson));
  const column = Math.max(...lessons.map(({ title }) => title.length));
  const rows = lessons.flatMap((lesson) => {
    const isWhole = !skips(known[lesson.folder]);
    const passedMark = isWhole ? chalk.green('✓') : '-';
    const mark = isPassed(lesson) ? passedMark : lesson === here ? chalk.cyan('›') : ' ';
    const number = String(lesson.number).padStart(2);
    const time = describeMinutes(lesson).padStart(6);
    const row = `  ${mark} ${number}  ${lesson.title.padEnd(column)}  ${time}   ${standing(known[lesson.folder])}`;
    if (!isPassed(lesson)) return [row];
    return [row, ...(isWhole ? proof(lesson) : [IN_PART])];
  });
  return [
    '',
    ...rows,
    '',
    ...(here ? ahead(here, lessons.filter(isPassed), lessons) : arrived(lessons)),
    '',
  ].join('\n');
}

const describeMinutes = ({ minutes }: Lesson) => (minutes === undefined ? '' : `${minutes} min`);

function standing({ steps = {} }: Partial<LessonProgress> = {}): string {
  const verdicts = Object.values(steps);
  const count = (word: VerdictWord) => verdicts.filter((verdict) => verdict === word).length;
  if (verdicts.length === 0) return 'not graded yet';
  const passed = `${count('pass')} of ${verdicts.length}`;
  const notGraded = count('skipped') + count('error');
  return notGraded ? `${passed}, ${notGraded} not graded` : `${passed} steps`;
}

/** Whether steps of a lesson were not graded on this machine, because it has no Redis, say. */
const skips = ({ steps = {} }: Partial<LessonProgress> = {}) => Object.values(steps).includes('skipped');

/** Not wrapped: verify checks that it fits a line, and wrapping would cost a tenth of the time. */
const proof = ({ proves }: Lesson) => (proves === undefined ? [] : [' '.repeat(8) + proves]);

function ahead(here: Lesson, passed: readonly Lesson[], all: readonly Lesson[]): string[] {
  const left = all.filter((lesson) => !passed.includes(lesson));
  const minutes = left.reduce((sum, lesson) => sum + (lesson.minutes ?? 0), 0);
  return [
    `  ${passed.length} of ${all.length} lessons pass. About ${inHours(minutes)} to go.`,
    `  ${chalk.cyan(`npm run lesson ${here.number}`)}   goes on here`,
  ];
}

function arrived({ length }: readonly Lesson[]): string[] {
  const rows = FROM_HERE.map(([name, words]) => `  ${chalk.cyan(name.padEnd(22))}${words}`);
  return [`  All ${length} lessons pass: what stands above, you have shown. From here:`, '', ...rows];
}

/** 65 minutes: '1 h 5 min'. */
function inHours(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours ? `${hours} h` : '', rest || !hours ? `${rest} min` : ''].filter(Boolean).join(' ');
}
