import { fileURLToPath } from 'node:url';

/** A learner's own error, found in what their shop printed or threw. */
export interface LearnerError {
  /** 'TypeError: Cannot read properties of undefined (reading 'cart')' */
  readonly message: string;
  /** File of the answer, relative to its folder, and line from 1; undefined when no frame is the answer's. */
  readonly file?: string;
  readonly line?: number;
}

/**
 * Finds the last error in a shop's output and the place in the answer it came from.
 * @param output stack traces and compiler messages among other lines
 * @param dir the answer's folder as it was run; frames elsewhere are not the learner's
 */
export function findError(output: string, dir: string): LearnerError | undefined {
  const text = output.replace(/file:\/\/[^\s)]+/g, asPath).replaceAll('\\', '/');
  const here = dir.replaceAll('\\', '/');
  // The compiler's form: path:line:column: ERROR: text
  const place = new RegExp(`${escaped(here)}/([^\\s:()]+):(\\d+)(?::\\d+)?`);
  const compiler = text.match(new RegExp(`${place.source}: ERROR: (.+)`));
  if (compiler) {
    const [, file = '', line, said = ''] = compiler;
    const message = ABOUT_IMPORTS.test(said) ? said : `SyntaxError: ${said}`;
    return { message, file, line: Number(line) };
  }

  const lines = text.split('\n');
  const last = lines.findLastIndex((line) =>
    /^\s*(?:Uncaught )?(?:[A-Z]\w*)?(?:Error|Exception)(?:\b[^:]*: .|$)/.test(line),
  );
  if (last === -1) return undefined;
  const message = lines[last]!.trim()
    .replace(/^Uncaught /, '')
    .replaceAll(`${here}/`, '');
  const frame = lines.slice(last).join('\n').match(place) ?? lines.slice(0, last).join('\n').match(place);
  return frame ? { message, file: frame[1]!, line: Number(frame[2]) } : { message };
}

/** What the compiler says of an import by path; all else it says is about the TypeScript. */
const ABOUT_IMPORTS = /^(?:Could not resolve|No matching export)/;

/** Messages that people meet in these lessons, and what they mean here. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [
    /Cannot (?:read|set) properties of undefined \((?:reading|setting) '(?:cart|isLoggedIn|userId|save|regenerate|destroy)'\)/,
    'req.session is undefined when this line runs: session() is not mounted, or it is mounted after the route.',
  ],
  [
    /Cannot set headers after they are sent/,
    'One request is answered twice, or a cookie is set when the answer is on its way. Return after res.redirect(), and put what must come first above it, or into the callback.',
  ],
  [
    /secret option required/,
    'session() was given no secret. The shop has one for you: config.sessionSecret.',
  ],
  [
    /does not provide an export named 'MongoDBStore'/,
    'connect-mongodb-session has no MongoDBStore to import by name. Import its default, a function, and call it with session: it returns the class.',
  ],
  [
    /connect.*is not a function|is not a constructor|Class extends value|Cannot read properties of undefined \(reading 'Store'\)|reading 'session'/,
    'connectMongoDBSession(session) returns the MongoDBStore class, and new makes a store of it: two steps.',
  ],
  [
    /Invalid scheme|Invalid connection string/,
    'The uri is not a connection string. The shop has one for you: config.mongodbUri.',
  ],
  [
    /Unable to parse .* with URL|Invalid URL|contains? unescaped characters/,
    'The connection string cannot be taken apart. Most often its user or password holds a character that is not percent-encoded.',
  ],
  [
    /EADDRINUSE/,
    'The answer listens by itself, on a port that another process of it has already. Leave listen() out: whoever starts the shop chooses the port.',
  ],
  [
    /Cannot find (?:module|package)|Could not resolve/,
    'An import names a file or a package that is not there. Look at its spelling, and whether something deletes it.',
  ],
  [
    /does not provide an export named|No matching export/,
    'An import asks a module for a name that it does not export. Look at its spelling, or import the default.',
  ],
  [
    /octal literals|leading zeros/,
    'JavaScript takes no number with a zero in front. Leave the zero out, or put the year first.',
  ],
  [
    /^SyntaxError/,
    'The file cannot be read as TypeScript. Most often a bracket, a comma or a quote is missing just before.',
  ],
  [
    /^BSONError: input must be a 24 character hex/,
    'An ObjectId has 24 hexadecimal digits. The _id of a session is the session ID, a string: look for it as it is.',
  ],
  [
    /are to be kept in Redis, and config has no redisUrl/,
    'A store in Redis was made, and config did not ask for one. Look at config.store: mongodb, or nothing, is MongoDB.',
  ],
  [/is not defined/, 'A name is used that nothing declares or imports.'],
];

/** What a learner's error most likely means. */
export function meaningOf(message: string): string {
  const known = MEANINGS.find(([pattern]) => pattern.test(message));
  return known?.[1] ?? 'The answer threw this error itself. The line below is where it came from.';
}

/** A file URL of a stack frame as a path: 'file:///home/a%20b/app.ts:3:1' as '/home/a b/app.ts:3:1'. */
function asPath(url: string): string {
  try {
    return fileURLToPath(url, { windows: process.platform === 'win32' || /^file:\/\/\/[a-z]:/i.test(url) });
  } catch {
    return url;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
