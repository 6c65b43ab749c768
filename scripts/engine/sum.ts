import { Decimal128, Double, Int32 } from 'bson';
import { notSupported } from './errors.ts';
import { type Exact, exact, integer, toNumber } from './numbers.ts';
import type { Numeric } from './values.ts';

/**
 * A sum of numbers as in aggregations: exact until the end, so 0.1 ten times is 1, then of the widest type; a double when a long
 * would overflow (MongoDB source, AccumulatorSum and DoubleDoubleSummation).
 */
export class Sum {
  /** The sum of whole numbers, while it is exact. */
  #whole = 0;
  #exact: Exact = { digits: 0n, exponent: 0 };
  #approximate = 0;
  #ints = true;
  #doubles = false;

  /** @throws {CommandError} 238 for Decimal128 */
  add(number: Numeric): void {
    if (number instanceof Decimal128) throw notSupported('arithmetic on Decimal128');
    const value = toNumber(number);
    this.#approximate += value;
    this.#ints &&= number instanceof Int32;
    this.#doubles ||= number instanceof Double;
    if (Number.isSafeInteger(value) && Number.isSafeInteger(this.#whole + value)) this.#whole += value;
    else if (Number.isFinite(value)) this.#exact = plus(this.#exact, exact(number));
  }

  get value(): Numeric {
    if (!Number.isFinite(this.#approximate)) return new Double(this.#approximate);
    const { digits, exponent } = plus(this.#exact, { digits: BigInt(this.#whole), exponent: 0 });
    const whole = this.#doubles ? undefined : integer(digits, this.#ints);
    return whole ?? new Double(Number(`${digits}e${exponent}`));
  }
}

function plus(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = (one: Exact) => one.digits * 10n ** BigInt(one.exponent - exponent);
  return { digits: scaled(a) + scaled(b), exponent };
}

/** @throws {CommandError} 238 for Decimal128 */
export function sum(numbers: readonly Numeric[]): Numeric {
  const total = new Sum();
  for (const number of numbers) total.add(number);
  return total.value;
}
