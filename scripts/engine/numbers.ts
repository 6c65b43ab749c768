import { Decimal128, Double, Int32, Long } from 'bson';
import { notSupported } from './errors.ts';
import type { Numeric } from './values.ts';

/** digits × 10^exponent: every finite BSON number is one of these, exactly. */
export interface Exact {
  readonly digits: bigint;
  readonly exponent: number;
}

/** The value as JavaScript compares it exactly: `1n < 1.5` loses nothing. Not for Decimal128. */
const plain = (value: Int32 | Double | Long): number | bigint =>
  value instanceof Long ? value.toBigInt() : value.value;

/** The value as a JavaScript number, rounded when necessary. */
export function toNumber(value: Numeric): number {
  return value instanceof Decimal128 ? Number(value.toString()) : Number(plain(value));
}

function exactDouble(value: number): Exact {
  let whole = value;
  let halvings = 0;
  // Doubling a double is exact, and every finite double is whole after at most 1,074 of them.
  for (; !Number.isInteger(whole); halvings++) whole *= 2;
  return { digits: BigInt(whole) * 5n ** BigInt(halvings), exponent: -halvings };
}

export function exact(value: Numeric): Exact {
  if (!(value instanceof Decimal128)) {
    const number = plain(value);
    return typeof number === 'bigint' ? { digits: number, exponent: 0 } : exactDouble(number);
  }
  const [mantissa = '0', exponent = '0'] = value.toString().split('E');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** Without trailing zeros, so that equal numbers have equal digits and exponents. */
function normal({ digits, exponent }: Exact): Exact {
  if (digits === 0n) return { digits, exponent: 0 };
  let rest = digits;
  let power = exponent;
  for (; rest % 10n === 0n; power++) rest /= 10n;
  return { digits: rest, exponent: power };
}

/** A text that two numbers share exactly when they are equal, also with different types: 1, 1.0 and NumberLong(1). */
export function numberKey(value: Numeric): string {
  const approximate = toNumber(value);
  const isSafe = Number.isSafeInteger(approximate);
  if (isSafe && !(value instanceof Decimal128)) return String(approximate);
  if (Number.isNaN(approximate)) return 'NaN';
  // A Decimal128 beyond the range of doubles rounds to Infinity, but is finite.
  if (!Number.isFinite(approximate) && !isFiniteDecimal(value)) return String(approximate);
  const { digits, exponent } = normal(exact(value));
  return isSafe && exponent >= 0 ? String(approximate) : `${digits}e${exponent}`;
}

const isFiniteDecimal = (value: Numeric) => value instanceof Decimal128 && /\d/.test(value.toString());

const sign = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** Orders numbers by value across their types, NaN first (MongoDB manual, "Comparison/Sort Order"). */
export function compareNumbers(a: Numeric, b: Numeric): number {
  const x = toNumber(a);
  const y = toNumber(b);
  if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(y)) - Number(Number.isNaN(x));
  if (!(a instanceof Decimal128) && !(b instanceof Decimal128)) return sign(plain(a), plain(b));
  if (!Number.isFinite(x) && !isFiniteDecimal(a)) return sign(x, isFiniteDecimal(b) ? 0 : y);
  if (!Number.isFinite(y) && !isFiniteDecimal(b)) return sign(isFiniteDecimal(a) ? 0 : x, y);
  const p = exact(a);
  const q = exact(b);
  const power = Math.min(p.exponent, q.exponent);
  return sign(p.digits * 10n ** BigInt(p.exponent - power), q.digits * 10n ** BigInt(q.exponent - power));
}

/** A number without its fraction, as `$mod` uses it; undefined for NaN, and beyond 64 bits. */
export function truncate(value: Numeric): bigint | undefined {
  if (!Number.isFinite(toNumber(value))) return undefined;
  const { digits, exponent } = exact(value);
  const whole = exponent < 0 ? digits / 10n ** BigInt(-exponent) : digits * 10n ** BigInt(exponent);
  return BigInt.asIntN(64, whole) === whole ? whole : undefined;
}

/**
 * Calculates as `$inc` and `$mul` do: the wider of the two types wins, and an int that overflows becomes a long; undefined when a long
 * overflows (MongoDB manual, "$inc"; MongoDB source, SafeNum).
 * @throws {CommandError} 238 for Decimal128
 */
function calculate(
  a: Numeric,
  b: Numeric,
  doubles: (a: number, b: number) => number,
  integers: (a: bigint, b: bigint) => bigint,
): Numeric | undefined {
  if (a instanceof Decimal128 || b instanceof Decimal128) throw notSupported('arithmetic on Decimal128');
  if (a instanceof Double || b instanceof Double) return new Double(doubles(toNumber(a), toNumber(b)));
  const bothInt = a instanceof Int32 && b instanceof Int32;
  return integer(integers(BigInt(plain(a)), BigInt(plain(b))), bothInt);
}

export function integer(value: bigint, fitsInt: boolean): Int32 | Long | undefined {
  if (fitsInt && BigInt.asIntN(32, value) === value) return new Int32(Number(value));
  return BigInt.asIntN(64, value) === value ? Long.fromBigInt(value) : undefined;
}

export const add = (a: Numeric, b: Numeric) =>
  calculate(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
  );
export const subtract = (a: Numeric, b: Numeric) =>
  calculate(
    a,
    b,
    (x, y) => x - y,
    (x, y) => x - y,
  );
export const multiply = (a: Numeric, b: Numeric) =>
  calculate(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
  );
