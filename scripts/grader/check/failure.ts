import type { Exchange } from './exchange.ts';
import type { LearnerError } from './learner-error.ts';

/** What a cause says, and where in the answer to look. */
export interface Told {
  readonly likely: string;
  readonly look: readonly RegExp[];
}

/** What is wrong, for the four things a failing step says. */
export interface FailureDetails {
  /** The exchange it is about: says what was sent and what came back. */
  readonly after?: Exchange;
  /** In place of the exchange's own words. */
  readonly sent?: string;
  readonly got?: string;
  /** The likely mistake, as a sentence to the learner. */
  readonly likely: string;
  /** Where to look: the first line of the answer that matches one of these, tried in order. */
  readonly look?: RegExp | readonly RegExp[];
  /** The shop itself broke down: the check got no page to look at. */
  readonly crashed?: true;
  /** In place of look: the exact place in the answer, when an error named it. */
  readonly at?: { readonly file: string; readonly line: number | undefined };
  /** The step that has to pass before this one can: '9.4'. */
  readonly waitsFor?: string;
  /** The error that the shop printed about it. */
  readonly error?: LearnerError;
  /** The check has looked at the evidence itself: no cause of causes.ts replaces its words. */
  readonly decided?: true;
}

/** The answer is not right yet. */
export class StepFailure extends Error {
  readonly details: FailureDetails;
  constructor(details: FailureDetails) {
    super(details.likely);
    this.details = details;
  }
}

/** The step cannot be graded on this machine, which lacks something that the workshop does not install. */
export class StepSkipped extends Error {}

/** What a check says of a failure. Which step it waits for is said by `needs`. */
type Said = Omit<FailureDetails, 'waitsFor'>;

/** Throws StepFailure with these words when the condition does not hold. */
export function must(condition: unknown, details: Said): asserts condition {
  if (!condition) throw new StepFailure(details);
}

/**
 * The same for what a step needs from an earlier one: when it is missing, the step fails and waits for the step that says why.
 * @param earlier that step: '9.1'; undefined when the step itself checks all that it needs
 */
export function needs(earlier: string | undefined, condition: unknown, details: Said): asserts condition {
  if (!condition) throw new StepFailure(earlier ? { ...details, waitsFor: earlier } : details);
}
