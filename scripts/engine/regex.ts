import { BSONRegExp } from 'bson';
import { CommandError, notSupported } from './errors.ts';

/** Escapes that mean the same in both languages. `\s` and `\S` differ: JavaScript's know Unicode spaces, PCRE's only these. */
const SAME_ESCAPES = 'dDwWbBtnrf';
const SPACES = '\\t\\n\\v\\f\\r ';

/**
 * The JavaScript expression that matches what mongod's PCRE matches, for the patterns people type. What the two read differently and is not
 * translated here is refused by name, so that no pattern silently finds something else.
 * @throws {CommandError} 51091 for a broken pattern, 238 for what is not translated
 */
export function compileRegExp({ pattern, options }: BSONRegExp): RegExp {
  if (options.includes('x')) throw notSupported("the regular expression option 'x'");
  const source = translate(pattern, options.includes('m'), options.includes('s'));
  try {
    return new RegExp(source, options.includes('i') ? 'iu' : 'u');
  } catch {
    throw new CommandError(51091, `Regular expression is invalid: ${pattern}`);
  }
}

/** A regular expression of texts. @throws {CommandError} 51108 for an unknown option, 2 for a NUL, which BSON cannot hold there */
export function regExpFrom(pattern: string, options: string): BSONRegExp {
  const unknown = [...options].find((flag) => !'imsxu'.includes(flag));
  if (unknown !== undefined)
    throw new CommandError(51108, `$regex invalid flag in regex options: ${unknown}`);
  if (pattern.includes('\0'))
    throw new CommandError(2, 'Regular expression cannot contain an embedded null byte');
  return new BSONRegExp(pattern, options);
}

function translate(pattern: string, multiline: boolean, dotAll: boolean): string {
  const outside = new Map([
    // Without `m`, PCRE's $ also matches before a last line break, and its . stops at \n alone.
    ['$', multiline ? '(?=\\n|$)' : '(?=\\n?$)'],
    ['^', multiline ? '(?:^|(?<=\\n)(?!$))' : '^'],
    ['.', dotAll ? '[\\s\\S]' : '[^\\n]'],
    [']', '\\]'],
    ['}', '\\}'],
  ]);
  let source = '';
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    const token = tokenOf(rest);
    if (token === '[') {
      const set = characterClass(rest);
      source += set.source;
      at += set.length;
      continue;
    }
    source += token.startsWith('\\') ? escapeOf(token, false) : (outside.get(token) ?? literal(token));
    at += token.length;
  }
  return source;
}

/** One step of a pattern: an escape, the head of a group, a quantifier, or a character. */
function tokenOf(rest: string): string {
  const refused = /^(?:\(\?(?![:=!])[^)]?|\(\*[A-Z]*|(?:[*+?]|\{\d+(?:,\d*)?\})\+)/.exec(rest);
  if (refused !== null) throw notSupported(`'${refused[0]}' in a regular expression`);
  return (/^(?:\\.?|\(\?[:=!]|\{\d+(?:,\d*)?\}|.)/su.exec(rest) as RegExpExecArray)[0];
}

/** A brace that begins no quantifier stands for itself in PCRE. */
const literal = (token: string): string => (token === '{' ? '\\{' : token);

function escapeOf(token: string, inClass: boolean): string {
  const letter = token.slice(1);
  if (letter === 's') return inClass ? SPACES : `[${SPACES}]`;
  if (letter === 'S' && !inClass) return `[^${SPACES}]`;
  if (letter !== '' && SAME_ESCAPES.includes(letter)) return token;
  if (letter === '' || /^[A-Za-z0-9]/.test(letter)) throw notSupported(`'${token}' in a regular expression`);
  return `\\u{${(letter.codePointAt(0) as number).toString(16)}}`;
}

/** `[…]` at the beginning of `rest`. A bracket that comes first in it stands for itself in PCRE. */
function characterClass(rest: string): { source: string; length: number } {
  let source = rest.startsWith('[^') ? '[^' : '[';
  let length = source.length;
  for (let first = true; first || rest[length] !== ']'; first = false) {
    const token = /^(?:\\.?|\[[:.=]|.)/su.exec(rest.slice(length))?.[0];
    if (token === undefined)
      throw new CommandError(51091, `Regular expression is invalid: missing ] in ${rest}`);
    if (/^\[[:.=]/.test(token)) throw notSupported(`'${token}' in a regular expression`);
    source += token.startsWith('\\') ? escapeOf(token, true) : token === ']' ? '\\]' : token;
    length += token.length;
  }
  return { source: `${source}]`, length: length + 1 };
}
