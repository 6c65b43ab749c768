import type { Exchange } from './exchange.ts';
import type { LearnerError } from './explain.ts';

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
  /** The step that has to pass before this one can: '9.4'. */
  readonly waitsFor?: string;
  /** The error that the shop printed about it. */
  readonly error?: LearnerError;
  /** The check has looked at the evidence itself: no cause of causes.ts is told in place of its own. */
  readonly decided?: true;
}

/** The answer is not right yet. */
export class StepFailure extends Error {
  readonly doubt: Doubt;
  constructor(doubt: Doubt) {
    super(doubt.likely);
    this.doubt = doubt;
  }
}

/** The step cannot be graded on this machine, which lacks something that the workshop does not bring along. */
export class StepSkipped extends Error {}

/** Goes on when the condition holds; else the step fails with these words. */
export function must(condition: unknown, doubt: Doubt): asserts condition {
  if (!condition) throw new StepFailure(doubt);
}
