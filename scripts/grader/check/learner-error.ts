import { escapeRegExp } from '../../shared/escape-regexp.ts';
import { type FailingCode, meaningIn } from './error-meanings.ts';

/** A learner's own error, found in what their shop printed or threw. */
export interface LearnerError {
  /** The whole message: 'TypeError: Cannot read properties of undefined (reading 'cart')'. No session ID, and no session, is in it. */
  readonly message: string;
  /** File of the answer, relative to its folder, and line from 1; undefined when no frame is the answer's. */
  readonly file?: string;
  readonly line?: number;
  /** From 1, where the line is read: of the expression that failed. */
  readonly column?: number;
  /** The package whose code threw it, when no frame is the answer's: 'router'. */
  readonly package?: string;
  /** The line of the answer that failed, where it can be read. */
  readonly code?: FailingCode;
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
 * @param which of several: the first one of a request, which causes the others, or the last one of a process, which ended it
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
  const place = new RegExp(`${escapeRegExp(here)}/([^\\s:()]+):(\\d+)(?::(\\d+))?`);
  const compiler = text.match(new RegExp(`${place.source}: ERROR: (.+)`));
  if (compiler) {
    const [, file = '', line, , said = ''] = compiler;
    const message = ABOUT_IMPORTS.test(said) ? said : `SyntaxError: ${said}`;
    return { message, file, line: Number(line) };
  }

  const lines = text.split('\n');
  const heads = lines.flatMap((line, i) => (HEAD.test(line) ? [i] : []));
  // A logged line may begin with the word Error. A thrown error has a stack.
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
  // Shops have their usual packages in one file, under .cache: a line in it does not tell the package.
  const [, name] = stack.match(/\/node_modules\/(?!\.)((?:@[^/]+\/)?[^/]+)\//) ?? [];
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
    // EJS puts its name, some lines of the template and an empty line before the error.
    .replace(
      /^(\w*Error): (?:.*\/)?([\w-]+\.ejs):(\d+)\n[\s\S]*?^ *>> *(.*)$[\s\S]*?\n\n(.+)[\s\S]*$/m,
      '$1: $5, in $2 $4',
    )
    .replace(/(Error setting )\S+ to \w+ \{.*\n?.*\}: /s, '$1the session: ')
    .replace(/(Error (?:finding|destroying) )[\w-]{20,}(: )/, '$1the session$2');
  const shown = whole.split('\n').slice(0, MOST_LINES).join('\n');
  return shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown;
}

/** Compiler errors about an import by path; every other one is about the TypeScript. */
const ABOUT_IMPORTS = /^(?:Could not resolve|No matching export)/;

/**
 * What a learner's error most likely means; where it came from when the message is not known.
 * @param code the line of the answer that failed
 */
export function meaningOf(message: string, error: Partial<LearnerError> = {}, code?: FailingCode): string {
  const known = meaningIn(message, code);
  if (known) return known;
  if (error.file === undefined)
    return `No line of the answer is in its stack: it comes from ${error.package ? `somewhere below Express, out of ${error.package}` : 'a package, or from what the answer has set up and a package runs later'}.`;
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
