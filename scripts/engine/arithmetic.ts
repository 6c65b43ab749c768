import { Double, Int32, Long } from 'bson';
import { CommandError, notSupported } from './errors.ts';
import { multiply, subtract, toNumber } from './numbers.ts';
import { sum } from './sum.ts';
import { aliasOf, type Found, isNumeric } from './values.ts';

// The expression operators that calculate (MongoDB manual, "Arithmetic Expression Operators"). With a missing value or null the result is null.

const missing = (value: Found) => value === undefined || value === null;
const mismatch = (message: string) => new CommandError(14, message);
const alias = (value: Found) => aliasOf(value);

/** Numbers, and at most one date, to which they add milliseconds. */
export function plus(...values: Found[]): Found {
  const wrong = values.find((value) => !missing(value) && !isNumeric(value) && !(value instanceof Date));
  if (wrong !== undefined) throw mismatch(`$add only supports numeric or date types, not ${alias(wrong)}`);
  if (values.some(missing)) return null;
  const [date, ...more] = values.filter((value) => value instanceof Date);
  if (more.length > 0) throw new CommandError(16612, 'only one date allowed in an $add expression');
  const total = sum(values.filter(isNumeric));
  return date === undefined ? total : dateOf(date.getTime() + Math.round(toNumber(total)));
}

/** Numbers, two dates, or milliseconds from a date. */
export function minus(a: Found, b: Found): Found {
  if (missing(a) || missing(b)) return null;
  if (isNumeric(a) && isNumeric(b)) return subtract(a, b) ?? new Double(toNumber(a) - toNumber(b));
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
  if (a instanceof Date && isNumeric(b)) return dateOf(a.getTime() - Math.round(toNumber(b)));
  throw mismatch(`can't $subtract ${alias(b)} from ${alias(a)}`);
}

function dateOf(milliseconds: number): Date {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) throw notSupported('a date that JavaScript cannot hold');
  return date;
}

/** Only numbers. */
export function times(...values: Found[]): Found {
  const wrong = values.find((value) => !missing(value) && !isNumeric(value));
  if (wrong !== undefined) throw mismatch(`$multiply only supports numeric types, not ${alias(wrong)}`);
  if (values.some(missing)) return null;
  return values
    .filter(isNumeric)
    .reduce((a, b) => multiply(a, b) ?? new Double(toNumber(a) * toNumber(b)), new Int32(1));
}

/** Always a double. @throws {CommandError} 2 for a division by zero */
export function divide(a: Found, b: Found): Found {
  if (isNumeric(a) && isNumeric(b)) {
    if (toNumber(b) === 0) throw new CommandError(2, "can't $divide by zero");
    // sum() refuses Decimal128.
    return new Double(toNumber(sum([a])) / toNumber(sum([b])));
  }
  if (missing(a) || missing(b)) return null;
  throw mismatch(`$divide only supports numeric types, not ${alias(a)} and ${alias(b)}`);
}

/** A number, a flag, or a date's milliseconds since 1970 as a double. */
export function toDouble(value: Found): Found {
  if (missing(value)) return null;
  if (isNumeric(value)) return new Double(toNumber(value));
  if (typeof value === 'boolean') return new Double(Number(value));
  if (value instanceof Date) return new Double(value.getTime());
  if (typeof value === 'string') throw notSupported('$toDouble of a text');
  throw new CommandError(
    241,
    `Unsupported conversion from ${alias(value)} to double in $convert with no onError value`,
  );
}
