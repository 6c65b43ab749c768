import chalk from 'chalk';
import type { Mongo } from '../mongo/index.ts';
import { wrapHanging } from '../shared/wrap.ts';
import type { LessonVerdict, StepVerdict } from './verdict.ts';

/** The engine as verdicts name it: 'mongod 8.2.6'. */
export function describeEngine({ kind, version }: Pick<Mongo, 'kind' | 'version'>): string {
  return `${kind} ${version}`;
}

/** The size of a terminal, as `process.stdout` has it: unknown where there is none. */
export interface TerminalSize {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

/** Whether a terminal has fewer than 20 rows, as on a projector: it gets the compact layout. */
export const isLow = ({ rows = 100 }: TerminalSize) => rows < 20;

/**
 * A lesson's verdict for the terminal. The first step that fails is shown in full, the others with their cause in a line. A low
 * terminal shows the others by number. What a step proved is shown when the whole lesson passes.
 */
export function renderVerdict(lesson: LessonVerdict, engine: string, size: TerminalSize = {}): string {
  const width = size.columns ?? 100;
  const head = `  Lesson ${lesson.number}   ${lesson.title}`;
  const graded = `graded on ${engine}`;
  const gap = ' '.repeat(Math.max(3, Math.min(width, 100) - head.length - graded.length));
  const worst = lesson.steps.find((step) => step.verdict === 'error' || step.verdict === 'fail');
  if (worst && isLow(size)) {
    const marks = lesson.steps.map((step) => mark(step) + step.id).join(' ');
    const short = `  ${chalk.bold(`Lesson ${lesson.number}`)} on ${engine}   ${marks}`;
    return [short, named(worst), ...explained(worst, { width, indent: '  ' }), `  ${closing(lesson)}`].join(
      '\n',
    );
  }
  const lines = [`${chalk.bold(head)}${gap}${graded}`, ''];
  for (const step of lesson.steps) {
    lines.push(named(step));
    if (step === worst) lines.push('', ...explained(step, { width, indent: INDENT }), '');
    else if (step.verdict === 'fail')
      lines.push(...under(briefly(step, lesson), width).map((line) => chalk.dim(line)));
    else if (lesson.verdict === 'pass' && step.proved) lines.push(...under(step.proved, width));
    else if (step.verdict === 'skipped' || step.verdict === 'error')
      lines.push(...under(whyNotGraded(step, lesson), width));
  }
  if (lesson.why) lines.push('', ...under(`Why it matters: ${lesson.why}`, width));
  lines.push('', `  ${closing(lesson)}`, '');
  return lines.join('\n');
}

const named = (step: StepVerdict) => `  ${mark(step)} ${step.id}  ${step.name}`;

function mark({ verdict }: StepVerdict): string {
  const marks = {
    pass: chalk.green('✓'),
    fail: chalk.red('✗'),
    error: chalk.bold('!'),
    skipped: '-',
  };
  return marks[verdict];
}

/** Where a text goes: the columns of the terminal, and what stands before each line. */
interface Place {
  readonly width: number;
  readonly indent: string;
}

/** How to get an answer graded that uses something that the embedded engine lacks. */
const REAL_MONGOD =
  'npm run mongod, once, gets a real MongoDB. Then type the same command again. If you have set WORKSHOP_MONGO, set it to mongod.';

function explained(step: StepVerdict, place: Place): string[] {
  if (step.unsupported) {
    return [...row('reason', step.reason ?? '', place), ...row('way out', REAL_MONGOD, place, chalk.bold)];
  }
  if (step.verdict === 'error') {
    const whose = 'The workshop or this machine, not your answer. Try once more; if it stays, report it.';
    return [...row('reason', step.reason ?? '', place), ...row('whose', whose, place)];
  }
  return [
    ...row('sent', step.sent ?? '', place),
    ...row('got', step.got ?? '', place),
    ...(step.mongo ? row('Mongo', step.mongo, place) : []),
    ...(step.redis ? row('Redis', step.redis, place) : []),
    ...row('likely', step.likely ?? '', place, chalk.bold),
    ...row('look', step.look ?? '', place, chalk.bold),
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
        : `${chalk.bold(all)}.`,
      `  ${chalk.bold(`npm run solution ${lesson.number}`)}   compares with ours, and tells why`,
      `  ${chalk.bold('npm run lesson')}       opens your first unfinished lesson, if one is left`,
    ].join('\n');
  }
  if (lesson.verdict === 'error')
    return chalk.bold('Not graded to the end. This is not the fault of your answer.');
  const count = `${passed} of ${lesson.steps.length} steps pass.`;
  return `${count}   ${chalk.bold(`npm run hint ${lesson.number}`)}   for a nudge`;
}

/** The cause of a step that failed, in a sentence: or the step that has to pass first. */
function briefly(step: StepVerdict, { steps }: Pick<LessonVerdict, 'steps'>): string {
  const { waitsFor, likely = '' } = step;
  const before = steps.slice(0, steps.indexOf(step));
  const first = waitsFor ?? before.find((each) => each.verdict === 'fail' && each.likely === likely)?.id;
  const isOpen = steps.some(({ id, verdict }) => id === first && verdict === 'fail');
  if (first && (isOpen || waitsFor)) return `waits for ${first}`;
  return likely.match(/^.*?[.!?](?=\s|$)/s)?.[0] ?? likely;
}

/** Why a step was not graded. A reason that several steps share is shown in full once. */
function whyNotGraded(step: StepVerdict, { steps }: LessonVerdict): string {
  const first = steps.find(({ reason }) => reason === step.reason);
  return first && first !== step ? `not graded, for the same reason as ${first.id}` : (step.reason ?? '');
}

/** What a step proved, or why it was skipped, under its name. */
function under(text: string, width: number): string[] {
  const lines = text.split('\n').flatMap((line) => wrapHanging(line, Math.min(width, 100) - INDENT.length));
  return lines.map((line) => INDENT + line);
}

const INDENT = ' '.repeat(9);
const LABEL = 9;

/** A labelled text, wrapped, its later lines under the first. */
function row(label: string, text: string, place: Place, style = (line: string) => line): string[] {
  const room = Math.max(30, Math.min(place.width, 120) - place.indent.length - LABEL);
  return text
    .split('\n')
    .flatMap((line) => wrapHanging(line, room))
    .map((line, i) => `${place.indent}${(i === 0 ? label : '').padEnd(LABEL)}${style(line)}`);
}
