import chalk from 'chalk';
import type { Mongo } from '../mongo/index.ts';
import type { LessonVerdict, StepVerdict } from './verdict.ts';
import { wrapHanging } from './wrap.ts';

/** The engine as verdicts name it: 'mongod 8.2.6'. */
export function engineInWords({ kind, version }: Pick<Mongo, 'kind' | 'version'>): string {
  return `${kind} ${version}`;
}

/**
 * A lesson's verdict for the terminal. The first step that fails is shown in full, the others by name: a wall of
 * red helps nobody. What a passed step proved is said when the whole lesson passes.
 * @param width columns to wrap at
 */
export function renderVerdict(lesson: LessonVerdict, engine: string, width = 100): string {
  const head = `  Lesson ${lesson.number}   ${lesson.title}`;
  const graded = `graded on ${engine}`;
  const gap = ' '.repeat(Math.max(3, Math.min(width, 100) - head.length - graded.length));
  const worst = lesson.steps.find((step) => step.verdict === 'error' || step.verdict === 'fail');
  const lines = [`${chalk.bold(head)}${gap}${chalk.dim(graded)}`, ''];
  for (const step of lesson.steps) {
    lines.push(`  ${mark(step)} ${step.id}  ${step.name}`);
    if (step === worst) lines.push('', ...explained(step, width), '');
    else if (lesson.verdict === 'pass' && step.proved) lines.push(...under(step.proved, width));
    else if (step.verdict === 'skipped' && !isToldBefore(step, lesson)) {
      lines.push(...under(step.reason ?? '', width));
    }
  }
  lines.push('', `  ${closing(lesson)}`, '');
  return lines.join('\n');
}

function mark({ verdict }: StepVerdict): string {
  const marks = {
    pass: chalk.green('✓'),
    fail: chalk.red('✗'),
    error: chalk.yellow('!'),
    skipped: chalk.dim('-'),
  };
  return marks[verdict];
}

function explained(step: StepVerdict, width: number): string[] {
  if (step.verdict === 'error') {
    return [
      ...row('reason', step.reason ?? '', width),
      ...row(
        'whose',
        'The workshop or this machine, not your answer. Try once more; if it stays, report it.',
        width,
      ),
    ];
  }
  return [
    ...row('sent', step.sent ?? '', width),
    ...row('got', step.got ?? '', width, chalk.red),
    ...(step.mongo ? row('Mongo', step.mongo, width) : []),
    ...row('likely', step.likely ?? '', width, chalk.bold),
    ...row('look', step.look ?? '', width, chalk.cyan),
  ];
}

function closing(lesson: LessonVerdict): string {
  const passed = lesson.steps.filter((step) => step.verdict === 'pass').length;
  if (lesson.verdict === 'pass') {
    const skipped = lesson.steps.length - passed;
    const all = passed === 1 ? 'The step passes' : `All ${passed} steps pass`;
    return [
      skipped
        ? `${passed} of ${lesson.steps.length} steps pass, ${skipped} could not be graded here.`
        : `${chalk.green(all)}.`,
      `  ${chalk.cyan(`npm run solution ${lesson.number}`)}   compares with ours, and tells why`,
      `  ${chalk.cyan('npm run lesson')}       goes on with the next one`,
    ].join('\n');
  }
  if (lesson.verdict === 'error')
    return chalk.yellow('Not graded to the end. This is not the fault of your answer.');
  const count = `${passed} of ${lesson.steps.length} steps pass.`;
  return `${count}   ${chalk.cyan(`npm run hint ${lesson.number}`)}   for a nudge`;
}

/** Several steps are often skipped for one reason: it is told once. */
function isToldBefore(step: StepVerdict, { steps }: LessonVerdict): boolean {
  return steps.find(({ reason }) => reason === step.reason) !== step;
}

/** What a step proved, or why it was skipped, under its name. */
function under(text: string, width: number): string[] {
  const lines = text.split('\n').flatMap((line) => wrapHanging(line, Math.min(width, 100) - INDENT.length));
  return lines.map((line) => INDENT + chalk.dim(line));
}

const INDENT = ' '.repeat(9);
const LABEL = 9;

/** A labelled text, wrapped, its later lines under the first. */
function row(label: string, text: string, width: number, colour = (line: string) => line): string[] {
  const room = Math.max(30, Math.min(width, 120) - INDENT.length - LABEL);
  return text
    .split('\n')
    .flatMap((line) => wrapHanging(line, room))
    .map((line, i) => `${INDENT}${chalk.dim((i === 0 ? label : '').padEnd(LABEL))}${colour(line)}`);
}
