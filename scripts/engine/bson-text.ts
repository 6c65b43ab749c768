import { isUtf8 } from 'node:buffer';

/** Up to this length a text is read letter by letter: calling Buffer costs more. */
const SHORT = 16;
/** How many field names are remembered. */
const NAMES = 1024;

/** The text in the bytes. @throws {Error} when they are not UTF-8 */
export function utf8(bytes: Buffer, from: number, to: number): string {
  const short = to - from <= SHORT ? ascii(bytes, from, to) : undefined;
  if (short !== undefined) return short;
  const text = bytes.toString('utf8', from, to);
  // Broken UTF-8 decodes to the replacement character: without this check it would be stored changed.
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(from, to)))
    throw new Error('BSON string is not UTF-8');
  return text;
}

function ascii(bytes: Buffer, from: number, to: number): string | undefined {
  let text = '';
  for (let at = from; at < to; at++) {
    const byte = bytes[at] as number;
    if (byte > 127) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Names that were read lately, each at the hash of its bytes: documents of one kind share their field names. */
const names = new Array<string>(NAMES).fill('');

/** A field's name: the same string as last time when possible, since a Map finds a known string faster. */
export function fieldName(bytes: Buffer, from: number, to: number): string {
  let sum = 0;
  for (let at = from; at < to; at++) sum = (31 * sum + (bytes[at] as number)) | 0;
  const known = names[sum & (NAMES - 1)] as string;
  if (isIn(bytes, from, to, known)) return known;
  const name = utf8(bytes, from, to);
  // Only ASCII names, whose length equals their bytes.
  if (name.length === to - from && name.length <= SHORT) names[sum & (NAMES - 1)] = name;
  return name;
}

function isIn(bytes: Buffer, from: number, to: number, text: string): boolean {
  if (text.length !== to - from) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}
