import type { Exchange } from './exchange.ts';
import { findError, meaningOf } from './explain.ts';
import { StepFailure } from './failure.ts';

/** A shop that broke down: it did not open, it ended, it fell silent, or it answered with an error page. */
export interface Breakdown {
  readonly sent: string;
  readonly got: string;
  /** More to `got`, and the likely mistake, for when the shop printed no error that tells it better. */
  readonly detail?: string;
  readonly otherwise: string;
  /** The error page. */
  readonly after?: Exchange;
  /** What it printed. */
  readonly output: string;
  /** Which of the errors in it: the first one of a request, or the last one of a process. */
  readonly which?: 'first' | 'last';
}

/** The failure of a step on a shop that broke down, told by the learner's own error when there is one. */
export function breakdown(
  { sent, got, detail, otherwise, output, which = 'last', after }: Breakdown,
  dir: string,
  lineOf: (file: string, line: number) => string,
): StepFailure {
  const error = findError(output, dir, which);
  const crashed = { sent, crashed: true, ...(after ? { after } : {}) } as const;
  if (!error)
    return new StepFailure({ ...crashed, got: detail ? `${got}: ${detail}` : got, likely: otherwise });
  const { file, line, column } = error;
  const code = file && line ? { text: lineOf(file, line), ...(column ? { column } : {}) } : undefined;
  const message = asWritten(error.message, code?.text ?? '');
  return new StepFailure({
    ...crashed,
    got: `${got}\n${message}`,
    likely: meaningOf(message, error, code),
    error: { ...error, message },
    // An error from inside a package names no line of the answer.
    ...(file ? { at: { file, line } } : { look: placesFor(error.message) }),
  });
}

/** The compiler makes session3 of session where several modules have that name: the name as the answer has it. */
function asWritten(message: string, code: string): string {
  return message.replace(/\b([A-Za-z_$]+)\d+\b/g, (renamed, name) =>
    code.includes(name) && !code.includes(renamed) ? name : renamed,
  );
}

/** Where to look when no frame is the answer's: what such an error is about. */
function placesFor(message: string): readonly RegExp[] {
  if (/Missing parameter name|Unexpected \S+ at|pathToRegexp/.test(message))
    return [/\.(?:all|delete|get|patch|post|put|use)\(\s*['"`][^'"`]*[*?+([]/];
  if (/Error setting|BSON|circular|serialize/.test(message))
    return [/req\.session\.\w+ ?=|Object\.assign\(req\.session/];
  return [/\bsession\(/];
}
