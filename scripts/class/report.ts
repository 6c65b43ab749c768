import type { LessonVerdict, VerdictWord } from '../grader/verdict.ts';
import type { RedactLikely } from './redact-likely.ts';
import { Refusal } from './refusal.ts';

/** The part of a verdict that is sent. Fields that may hold code, paths or names of the machine (sent, got, look) are never sent. */
export interface Report {
  /** Made by the learner's side. A report that is sent twice has the same ID. */
  readonly id: string;
  /** The learner's own count of reports. It gives their order, whatever clocks say. */
  readonly seq: number;
  readonly lesson: number;
  readonly verdict: VerdictWord;
  readonly steps: readonly { readonly id: string; readonly verdict: VerdictWord }[];
  /** The likely mistake of the first step that failed, if it is in the workshop's own checks. */
  readonly likely?: string;
}

/** A report on its way. */
export interface SentReport extends Report {
  /** How long ago it was graded, by the learner's clock: a wrong clock is wrong at both times. */
  readonly agoMs: number;
}

const WORDS: readonly VerdictWord[] = ['pass', 'fail', 'error', 'skipped'];
const MAX_STEPS = 50;

/** The report of a verdict. */
export function reportOf(
  { number, verdict, steps }: LessonVerdict,
  { id, seq }: Pick<Report, 'id' | 'seq'>,
  own: RedactLikely,
): Report {
  const likely = own(steps.find((step) => step.verdict === 'fail')?.likely ?? '');
  return {
    id,
    seq,
    lesson: number,
    verdict,
    steps: steps.map((step) => ({ id: step.id, verdict: step.verdict })),
    ...(likely ? { likely } : {}),
  };
}

/**
 * Reads a received report. It redacts the likely mistake again, because anybody could send a report.
 * @param lessons the numbers of the existing lessons
 * @throws {Refusal} that says what is wrong
 */
export function readReport(body: unknown, lessons: readonly number[], own: RedactLikely): SentReport {
  const { id, seq, agoMs, lesson, verdict, steps, likely } = (body ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || !/^[\w-]{8,64}$/.test(id)) throw unreadable('its id');
  if (!isCount(seq)) throw unreadable('its number');
  if (!isCount(agoMs)) throw unreadable('its age');
  if (!isVerdict(verdict)) throw unreadable('its verdict');
  if (!isCount(lesson)) throw unreadable('its lesson');
  if (!lessons.includes(lesson)) {
    const range = `Its lessons are ${lessons.at(0)} to ${lessons.at(-1)}.`;
    throw new Refusal(422, 'unreadable', `This class has no lesson ${lesson}. ${range}`);
  }
  if (!Array.isArray(steps) || steps.length > MAX_STEPS) throw unreadable('its steps');
  const shown = typeof likely === 'string' ? own(likely) : undefined;
  return {
    id,
    seq,
    agoMs,
    lesson,
    verdict,
    steps: steps.map((step) => readStep(step, lesson)),
    ...(shown ? { likely: shown } : {}),
  };
}

function readStep(value: unknown, lesson: number): Report['steps'][number] {
  const { id, verdict } = (value ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' || !/^\d{1,3}\.\d{1,3}$/.test(id) || !id.startsWith(`${lesson}.`))
    throw unreadable('one of its steps');
  if (!isVerdict(verdict)) throw unreadable(`the verdict of step ${id}`);
  return { id, verdict };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isVerdict(value: unknown): value is VerdictWord {
  return WORDS.includes(value as VerdictWord);
}

function unreadable(part: string): Refusal {
  return new Refusal(422, 'unreadable', `The class could not read this report: ${part} is missing or wrong.`);
}
