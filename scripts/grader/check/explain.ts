import { type FailingCode, meaningIn } from './meanings.ts';

/** A learner's own error, found in what their shop printed or threw. */
export interface LearnerError {
  /** All of it: 'TypeError: Cannot read properties of undefined (reading 'cart')'. No session ID, and no session, is in it. */
  readonly message: string;
  /** File of the answer, relative to its folder, and line from 1; undefined when no frame is the answer's. */
  readonly file?: string;
  readonly line?: number;
  /** From 1, where the line is read: of the expression that failed. */
  readonly column?: number;
  /** The package whose code threw it, when no frame is the answer's: 'router'. */
  readonly package?: string;
}

/** How much of an error's message is shown, in characters and lines. */
const MOST_SHOWN = 400;
const MOST_LINES = 6;
const HEAD = /^\s*(?:Uncaught )?(?:[A-Z]\w*)?(?:Error|Exception)(?:\b[^:]*: .|$)/;
const FRAME = /^\s+at /;

/**
 * Finds an error in a shop's output, and the place in the answer it came from.
 * @param output stack traces and compiler messages among other lines
 * @param dir the answer's folder as it was run; frames elsewhere are not the learner's
 * @param which of several: the first one of a request, whose echo the others are, or the last one of a process, which ended it
 */
export function findError(
  output: string,
  dir: string,
  which: 'first' | 'last' = 'last',
): LearnerError | undefined {
  const text = output
    .replace(/file:\/\/[^\s)]+/g, asPath)
    .replaceAll('\\', '/')
    .replaceAll('\r\n', '\n');
  const here = dir.replaceAll('\\', '/');
  // The compiler's form: path:line:column: ERROR: text
  const place = new RegExp(`${escaped(here)}/([^\\s:()]+):(\\d+)(?::(\\d+))?`);
  const compiler = text.match(new RegExp(`${place.source}: ERROR: (.+)`));
  if (compiler) {
    const [, file = '', line, , said = ''] = compiler;
    const message = ABOUT_IMPORTS.test(said) ? said : `SyntaxError: ${said}`;
    return { message, file, line: Number(line) };
  }

  const lines = text.split('\n');
  const heads = lines.flatMap((line, i) => (HEAD.test(line) ? [i] : []));
  // What is logged may begin with the word Error. What was thrown has a stack.
  const thrown = heads.filter((head) => FRAME.test(lines[endOfMessage(lines, head)] ?? ''));
  const candidates = thrown.length > 0 ? thrown : heads;
  const head = which === 'first' ? candidates[0] : candidates.at(-1);
  if (head === undefined) return undefined;
  const end = endOfMessage(lines, head);
  const message = shownMessage(lines.slice(head, FRAME.test(lines[end] ?? '') ? end : head + 1), here);
  const after = heads.find((each) => each > head) ?? lines.length;
  const stack = lines.slice(head, after).join('\n');
  // Where Node cannot link the files, the place stands above the error.
  const frame =
    stack.match(place) ?? (which === 'last' ? lines.slice(0, head).join('\n').match(place) : null);
  if (frame) {
    const column = frame[3] ? { column: Number(frame[3]) } : {};
    return { message, file: frame[1] as string, line: Number(frame[2]), ...column };
  }
  const [, name] = stack.match(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\//) ?? [];
  return { message, ...(name ? { package: name } : {}) };
}

/** The index of the first line that is no longer the error's message: a frame, or the next error. */
function endOfMessage(lines: readonly string[], head: number): number {
  const end = lines.findIndex((line, i) => i > head && (FRAME.test(line) || HEAD.test(line)));
  return end === -1 ? lines.length : end;
}

/** The message without its path, its session and the session's ID, which is a key. */
function shownMessage(lines: readonly string[], here: string): string {
  const whole = lines
    .join('\n')
    .trim()
    .replace(/^Uncaught /, '')
    .replaceAll(`${here}/`, '')
    .replace(/(Error setting )\S+ to \w+ \{.*\n?.*\}: /s, '$1the session: ')
    .replace(/(Error (?:finding|destroying) )[\w-]{20,}(: )/, '$1the session$2');
  const shown = whole.split('\n').slice(0, MOST_LINES).join('\n');
  return shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown;
}

/** What the compiler says of an import by path; all else it says is about the TypeScript. */
const ABOUT_IMPORTS = /^(?:Could not resolve|No matching export)/;

/**
 * What a learner's error most likely means; nothing but where it came from when that is all there is.
 * @param code the line of the answer that failed
 */
export function meaningOf(message: string, error: Partial<LearnerError> = {}, code?: FailingCode): string {
  const known = meaningIn(message, code);
  if (known) return known;
  if (error.file === undefined && error.package !== undefined)
    return `No line of the answer is in its stack: it comes from somewhere below Express, out of ${error.package}.`;
  return 'The answer threw this error itself. The line below is where it came from.';
}

/** A file URL of a stack frame as a path: 'file:///home/a%20b/app.ts:3:1' as '/home/a b/app.ts:3:1'. */
function asPath(url: string): string {
  const path = url.replace(process.platform === 'win32' ? /^file:\/+/ : 'file://', '');
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
