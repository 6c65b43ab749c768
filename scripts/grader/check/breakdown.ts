import type { Exchange } from './exchange.ts';
import { StepFailure } from './failure.ts';
import { findError, meaningOf } from './learner-error.ts';

/** A shop that broke down: it did not open, it ended, it fell silent, or it answered with an error page. */
export interface Breakdown {
  readonly sent: string;
  readonly got: string;
  /** Added to `got`, and the likely mistake, for when the shop printed no error that says more. */
  readonly detail?: string;
  readonly otherwise: string;
  /** Where to look for that mistake. */
  readonly look?: readonly RegExp[];
  /** The error page. */
  readonly after?: Exchange;
  /** What the shop printed. */
  readonly output: string;
  /** Which of several errors in the output: the first one of a request, or the last one of a process. */
  readonly which?: 'first' | 'last';
}

/** The failure of a step on a shop that broke down, told by the learner's own error when there is one. */
export function breakdown(
  { sent, got, detail, otherwise, look = [], output, which = 'last', after }: Breakdown,
  dir: string,
  lineOf: (file: string, line: number) => string,
): StepFailure {
  const error = findError(output, dir, which);
  const crashed = { sent, crashed: true, ...(after ? { after } : {}) } as const;
  if (!error)
    return new StepFailure({ ...crashed, got: detail ? `${got}: ${detail}` : got, likely: otherwise, look });
  const { file, line, column } = error;
  const code = file && line ? { text: lineOf(file, line), ...(column ? { column } : {}) } : undefined;
  const message = asWritten(error.message, code?.text ?? '');
  return new StepFailure({
    ...crashed,
    got: `${got}\n${message}`,
    likely: meaningOf(message, error, code),
    error: { ...error, message, ...(code ? { code } : {}) },
    // An error from inside a package names no line of the answer.
    ...(file ? { at: { file, line } } : { look: placesFor(error.message) }),
  });
}

/** The compiler renames session to session3 where several modules have that name. Returns the name as the answer has it. */
function asWritten(message: string, code: string): string {
  return message.replace(/\b([A-Za-z_$]+)\d+\b/g, (renamed, name) =>
    code.includes(name) && !code.includes(renamed) ? name : renamed,
  );
}

/** Where to look when no frame is the answer's, by the error's message. */
function placesFor(message: string): readonly RegExp[] {
  if (/Missing parameter name|Unexpected \S+ at|pathToRegexp/.test(message))
    return [/\.(?:all|delete|get|patch|post|put|use)\(\s*['"`][^'"`]*[*?+([]/];
  if (/Error setting|BSON|circular|serialize/.test(message))
    return [/req\.session\.\w+ ?=|Object\.assign\(req\.session/];
  if (/Cannot set headers after/.test(message))
    return [/redirect\(|saveThenRedirect\(|\.(?:send|render|json)\(/i];
  if (/\bstore\d*\.\w+ is not a function|reading '(?:get|set|destroy|touch)'/i.test(message))
    return [/\breturn\b.*store/i, /createStore\b/, /\bstore:/, /\bsession\(/];
  return [/\bsession\(/];
}
