import { setTimeout as delay } from 'node:timers/promises';
import { withCause } from './check/causes.ts';
import { type Step, StepFailure, StepSkipped } from './check/check.ts';
import type { Stage } from './check/stage.ts';
import type { Lesson } from './lesson.ts';
import type { StepVerdict } from './verdict.ts';

/** Safety net, in milliseconds. Steps have shorter limits of their own: reaching this one means a mistake in the check. */
const STEP_LIMIT = 180_000;

/** Grades one step. Every error in it becomes a verdict. @param showsMongo whether a failure tells what Mongo got and holds */
export async function gradeStep(
  step: Step,
  stage: Stage,
  lesson: Lesson,
  showsMongo: boolean,
): Promise<StepVerdict> {
  const { id, name, play } = step;
  stage.stepBegins();
  const endless = delay(STEP_LIMIT, undefined, { ref: false }).then(() => {
    throw new Error(`the step did not come to an end within ${STEP_LIMIT / 1000} s`);
  });
  try {
    return { id, name, verdict: 'pass', proved: await Promise.race([play(stage), endless]) };
  } catch (error) {
    if (error instanceof StepSkipped) return skipped(step, error.message);
    const [unsupported] = stage.mongo.tap.refusals;
    if (unsupported !== undefined) return notGraded(step, unsupported);
    if (!(error instanceof StepFailure)) return { id, name, verdict: 'error', reason: reasonOf(error) };
    const { after, sent, got, likely, look, at, crashed, waitsFor } = await withCause(stage, error.details);
    return {
      id,
      name,
      verdict: 'fail',
      sent: sent ?? after?.sent ?? '',
      got: got ?? after?.got ?? '',
      ...(showsMongo ? { mongo: await stage.mongo.describe() } : {}),
      ...(stage.describeRedis ? { redis: await stage.describeRedis() } : {}),
      likely,
      look: at ? stage.shownPlace(at.file, at.line) : stage.placeOf([look ?? []].flat(), after?.sent),
      ...(crashed ? { crashed } : {}),
      ...(waitsFor ? { waitsFor } : {}),
      hint: `npm run hint ${lesson.number}`,
    };
  }
}

/**
 * A step that did not pass after the embedded engine refused a command of the answer. It is not known whether the answer is
 * wrong, also in a later step: the refused command, an index for example, may be what is missing there.
 */
function notGraded({ id, name }: Step, unsupported: string): StepVerdict {
  const reason = `Not graded on this engine: the answer uses ${unsupported}, which the embedded engine lacks. A real MongoDB has it.`;
  return { id, name, verdict: 'error', reason, unsupported };
}

/** @param reason why the step was not graded */
export function skipped({ id, name }: Step, reason: string): StepVerdict {
  return { id, name, verdict: 'skipped', reason };
}

/** An error of ours, not of the answer: the engine went away, or a check has a mistake. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
