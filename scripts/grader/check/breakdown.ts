import { findError, meaningOf } from './explain.ts';
import { StepFailure } from './failure.ts';

/** A shop that broke down: it did not open, it ended, it fell silent, or it answered with an error page. */
export interface Breakdown {
  readonly sent: string;
  readonly got: string;
  /** More to `got`, and the likely mistake, for when the shop printed no error that tells it better. */
  readonly detail?: string;
  readonly otherwise: string;
  /** What it printed. */
  readonly output: string;
}

/** The failure of a step on a shop that broke down, told by the learner's own error when there is one. */
export function breakdown({ sent, got, detail, otherwise, output }: Breakdown, dir: string): StepFailure {
  const error = findError(output, dir);
  if (!error) {
    return new StepFailure({
      sent,
      got: detail ? `${got}: ${detail}` : got,
      likely: otherwise,
      crashed: true,
    });
  }
  return new StepFailure({
    sent,
    got: `${got}\n${error.message}`,
    likely: meaningOf(error.message),
    crashed: true,
    // An error from inside a package names no line of the answer. Most of these are about the options of session().
    ...(error.file ? { at: { file: error.file, line: error.line } } : { look: /\bsession\(/ }),
  });
}
