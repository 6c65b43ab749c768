import { Binary, BSONRegExp, Int32, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import { compareNumbers, numberKey } from './numbers.ts';
import { type Doc, type Found, isArray, isDoc, isNumeric } from './values.ts';

/**
 * The rank of a type in the order of types (MongoDB manual, "Comparison/Sort Order"). Values of one rank compare
 * with each other; `$gt` and the like never match other ranks. undefined (an empty array's sort key) precedes null.
 */
export function rank(value: Found): number {
  if (value === undefined) return 1;
  if (value === null) return 2;
  if (typeof value === 'string') return 4;
  if (typeof value === 'boolean') return 9;
  if (isNumeric(value)) return 3;
  if (isDoc(value)) return 5;
  if (isArray(value)) return 6;
  if (value instanceof Binary) return 7;
  if (value instanceof ObjectId) return 8;
  if (value instanceof Date) return 10;
  if (value instanceof Timestamp) return 11;
  if (value instanceof BSONRegExp) return 12;
  return value instanceof MinKey ? 0 : 13;
}

/** Strings compare by their UTF-8 bytes, which is the order of their code points. JavaScript's own order differs above U+FFFF. */
function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x !== y) return inOrder(x) - inOrder(y);
  }
  return a.length - b.length;
}

/** Surrogates sort after all other code units. */
const inOrder = (unit: number): number => (unit >= 0xd800 && unit < 0xe000 ? unit + 0x2800 : unit);

/** Field by field in stored order: type, then name, then value; of two documents with equal beginnings the shorter comes first. */
function compareDocs(a: Doc, b: Doc): number {
  const others = b.entries();
  for (const [name, value] of a) {
    const other = others.next();
    if (other.done) return 1;
    const [otherName, otherValue] = other.value;
    const order =
      rank(value) - rank(otherValue) || compareText(name, otherName) || compare(value, otherValue);
    if (order !== 0) return order;
  }
  return others.next().done ? 0 : -1;
}

function compareArrays(a: readonly Found[], b: readonly Found[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compare(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareBinary(a: Binary, b: Binary): number {
  return a.length() - b.length() || a.sub_type - b.sub_type || Buffer.compare(a.value(), b.value());
}

/** The order of any two BSON values: negative, 0 or positive. 0 is MongoDB's equality: 1 equals 1.0. */
export function compare(a: Found, b: Found): number {
  if (a instanceof Int32 && b instanceof Int32) return a.value - b.value;
  const ranks = rank(a) - rank(b);
  if (ranks !== 0) return ranks;
  if (typeof a === 'string') return compareText(a, b as string);
  if (typeof a === 'boolean') return Number(a) - Number(b);
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (isDoc(a) && isDoc(b)) return compareDocs(a, b);
  if (isArray(a) && isArray(b)) return compareArrays(a, b);
  if (a instanceof Binary) return compareBinary(a, b as Binary);
  if (a instanceof ObjectId) return Buffer.compare(a.id, (b as ObjectId).id);
  if (a instanceof Date) return a.getTime() - (b as Date).getTime();
  if (a instanceof Timestamp) return a.compare(b as Timestamp);
  if (a instanceof BSONRegExp) {
    const other = b as BSONRegExp;
    return compareText(a.pattern, other.pattern) || compareText(a.options, other.options);
  }
  return 0;
}

/** A text that two values share exactly when they are equal: the key of Maps and of unique indexes. */
export function keyOf(value: Found): string {
  if (value === undefined) return 'u';
  if (value === null) return '0';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (isNumeric(value)) return `n${numberKey(value)}`;
  if (isDoc(value)) return `{${[...value].map(([name, v]) => `${JSON.stringify(name)}:${keyOf(v)}`).join()}}`;
  if (isArray(value)) return `[${value.map(keyOf).join()}]`;
  if (value instanceof ObjectId) return `o${value.toHexString()}`;
  if (value instanceof Date) return `d${value.getTime()}`;
  if (value instanceof Binary) return `b${value.sub_type}:${value.toString('base64')}`;
  if (value instanceof Timestamp) return `t${value.toString()}`;
  if (value instanceof BSONRegExp) return `r${JSON.stringify([value.pattern, value.options])}`;
  return value instanceof MaxKey ? '>' : '<';
}
