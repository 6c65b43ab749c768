import { createRequire } from 'node:module';
import { BSONRegExp } from 'bson';
import { CommandError, notSupported } from './errors.ts';

/** Escapes that mean the same in PCRE and RE2. `\s` differs: RE2's has no \v. */
const SAME_ESCAPES = 'dDwWbBtnrfAz';
const SPACES = '\\t\\n\\v\\f\\r ';
/** The most repetitions of RE2; PCRE has 65,535. */
const MAX_REPEAT = 1000;

export interface Expression {
  test(text: string): boolean;
}

interface Options {
  readonly caseless: boolean;
  readonly multiline: boolean;
}

/**
 * The expression that matches what mongod's PCRE matches, for the patterns people type. RE2 takes time in proportion to the text, whatever
 * the pattern, so that no client waits for another's; it has no look-around and no back-references. What the two read differently and is not
 * translated here is refused by name, so that no pattern silently finds something else.
 * @throws {CommandError} 51091 for a broken pattern, 51108 for an unknown option, 238 for what is not translated
 */
export function compileRegExp({ pattern, options }: BSONRegExp): Expression {
  checkOptions(options);
  if (options.includes('x')) throw notSupported("the regular expression option 'x'");
  const [caseless, multiline] = [options.includes('i'), options.includes('m')];
  const source = translate(pattern, { caseless, multiline });
  // Loaded when needed: most clients use no regular expression.
  const { RE2JS } = createRequire(import.meta.url)('re2js') as typeof import('re2js');
  const flags = [
    caseless && RE2JS.CASE_INSENSITIVE,
    multiline && RE2JS.MULTILINE,
    options.includes('s') && RE2JS.DOTALL,
  ];
  try {
    const compiled = RE2JS.compile(
      source,
      flags.reduce<number>((sum, flag) => sum | Number(flag), 0),
    );
    if (!multiline || !pattern.includes('^')) return { test: (text) => compiled.test(text) };
    return { test: (text) => testLines(compiled.matcher(text), text) };
  } catch {
    throw new CommandError(51091, `Regular expression is invalid: ${pattern}`);
  }
}

/** After a line break at the end of the text RE2 begins a line, PCRE does not. */
function testLines(matcher: { find(): boolean; end(): number }, text: string): boolean {
  if (!matcher.find()) return false;
  if (matcher.end() < text.length || !text.endsWith('\n')) return true;
  throw notSupported("'^' of many lines where the text ends with a line break");
}

/** @throws {CommandError} 51108 for an option that mongod lacks */
function checkOptions(options: string): void {
  const unknown = [...options].find((flag) => !'imsxu'.includes(flag));
  if (unknown !== undefined)
    throw new CommandError(51108, `$regex invalid flag in regex options: ${unknown}`);
}

/** A regular expression of texts. @throws {CommandError} 51108 for an unknown option, 2 for a NUL, which BSON cannot hold there */
export function regExpFrom(pattern: string, options: string): BSONRegExp {
  checkOptions(options);
  if (pattern.includes('\0'))
    throw new CommandError(2, 'Regular expression cannot contain an embedded null byte');
  return new BSONRegExp(pattern, options);
}

function translate(pattern: string, options: Options): string {
  const outside = new Map([
    // Without `m`, PCRE's $ also matches before a last line break.
    ['$', options.multiline ? '$' : '(?:\\n?\\z)'],
    [']', '\\]'],
    ['}', '\\}'],
    ['{', '\\{'],
  ]);
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const token = tokenOf(rest);
    if (token === '[') {
      const set = characterClass(rest, options);
      source += set.source;
      at += set.length;
      continue;
    }
    source += token.startsWith('\\') ? escapeOf(token, options) : (outside.get(token) ?? token);
    at += token.length;
  }
  return source;
}

const REFUSED = /^(?:\(\?(?!:)(?:<[=!]|[^)])?|\(\*[A-Z]*|(?:[*+?]|\{\d+(?:,\d*)?\})\+)/;

/** One token of a pattern: an escape, the head of a group, a quantifier, or a character. */
function tokenOf(rest: string): string {
  const refused = REFUSED.exec(rest);
  if (refused !== null) throw notSupported(`'${refused[0]}' in a regular expression`);
  const [token] = /^(?:\\.?|\(\?:|\{\d+(?:,\d*)?\}|.)/su.exec(rest) as RegExpExecArray;
  const most = token.length > 1 ? Math.max(...(token.match(/^\{\d+|\d+(?=\}$)/g) ?? []).map(digits)) : 0;
  if (most > MAX_REPEAT) throw notSupported(`'${token}' in a regular expression`);
  return token;
}

const digits = (text: string) => Number(text.replace('{', ''));

function escapeOf(token: string, { caseless }: Options): string {
  const letter = token.slice(1);
  if (letter === 's') return `[${SPACES}]`;
  if (letter === 'S') return `[^${SPACES}]`;
  // With the option i RE2's would match letters beyond ASCII, such as the Kelvin sign for k.
  if (caseless && (letter === 'w' || letter === 'W')) return `(?-i:${token})`;
  if (letter !== '' && SAME_ESCAPES.includes(letter)) return token;
  return itself(token);
}

/** An escaped punctuation character means itself. */
function itself(token: string): string {
  const sign = token.slice(1);
  if (sign === '' || /^[A-Za-z0-9]/.test(sign)) throw notSupported(`'${token}' in a regular expression`);
  return `\\x{${(sign.codePointAt(0) as number).toString(16)}}`;
}

/** `[…]` at the beginning of `rest`. A bracket that comes first in it means itself in PCRE. */
function characterClass(rest: string, { caseless }: Options): { source: string; length: number } {
  const open = rest.startsWith('[^') ? '[^' : '[';
  const members: string[] = [];
  let length = open.length;
  for (let first = true; first || rest[length] !== ']'; first = false) {
    const token = /^(?:\\.?|\[[:.=]|.)/su.exec(rest.slice(length))?.[0];
    if (token === undefined)
      throw new CommandError(51091, `Regular expression is invalid: missing ] in ${rest}`);
    if (/^\[[:.=]/.test(token)) throw notSupported(`'${token}' in a regular expression`);
    members.push(token);
    length += token.length;
  }
  const source = `${open}${members.map(memberOf).join('')}]`;
  const word = caseless && members.some((token) => /^\\w$/i.test(token));
  if (word && members.some((token) => /^\p{L}/u.test(token)))
    throw notSupported(`letters beside \\w in '${rest.slice(0, length + 1)}', without case,`);
  return { source: word ? `(?-i:${source})` : source, length: length + 1 };
}

function memberOf(token: string): string {
  if (token === '\\s') return SPACES;
  if (token === '\\b') return '\\x{8}';
  if (/^\\[dDwWtnrf]$/.test(token)) return token;
  if (token.startsWith('\\')) return itself(token);
  return token === '[' || token === ']' ? `\\${token}` : token;
}
