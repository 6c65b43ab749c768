import type { Exchange } from './exchange.ts';
import type { Stage } from './stage.ts';

/** One graded behaviour of a lesson. */
export interface Step {
  /** '3.2' */
  readonly id: string;
  /** The behaviour, as a sentence without a full stop: 'the cart survives a restart'. */
  readonly name: string;
  /** Plays the step. Resolves with what it proved; throws StepFailure when the answer is not right yet. */
  readonly play: (stage: Stage) => Promise<string>;
}

/** A lesson's check: what every check file exports as its default. */
export interface Check {
  readonly steps: readonly Step[];
  /** Whether a failing step shows what Mongo holds and was asked. */
  readonly showsMongo: boolean;
}

/**
 * Defines a lesson's check. Steps are graded in the order they are written, each with shoppers of its own.
 * @param write calls `step(id, name, play)` once a step
 */
export function defineCheck(
  write: (step: (id: string, name: string, play: Step['play']) => void) => void,
  { showsMongo = true } = {},
): Check {
  const steps: Step[] = [];
  write((id, name, play) => steps.push({ id, name, play }));
  return { steps, showsMongo };
}

/** What is wrong, for the four things a failing step says. */
export interface Doubt {
  /** The exchange it is about: says what was sent and what came back. */
  readonly after?: Exchange;
  /** In place of the exchange's own words. */
  readonly sent?: string;
  readonly got?: string;
  /** The likely mistake, as a sentence to the learner. */
  readonly likely: string;
  /** Where to look: the first line of the answer that matches one of these, tried in order. */
  readonly look?: RegExp | readonly RegExp[];
  /** The shop itself broke down: no page came that a check could have looked at. */
  readonly crashed?: true;
  /** In place of look: the exact place in the answer, when an error named it. */
  readonly at?: { readonly file: string; readonly line: number | undefined };
}

/** The answer is not right yet. */
export class StepFailure extends Error {
  readonly doubt: Doubt;
  constructor(doubt: Doubt) {
    super(doubt.likely);
    this.doubt = doubt;
  }
}

/** Goes on when the condition holds; else the step fails with these words. */
export function must(condition: unknown, doubt: Doubt): asserts condition {
  if (!condition) throw new StepFailure(doubt);
}
