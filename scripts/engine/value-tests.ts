import { BSONRegExp, MaxKey, MinKey } from 'bson';
import { compare, keyOf, rank } from './compare.ts';
import { CommandError } from './errors.ts';
import { toNumber, truncate } from './numbers.ts';
import { compileRegExp, regExpFrom } from './regex.ts';
import { type Doc, type Found, isArray, isDoc, isNumeric, show, type Value } from './values.ts';

/** Whether one value that a path reached satisfies an operator. */
export type Test = (value: Found) => boolean;

/** `{ $gt: 1 }`, not `{ b: 1 }`; a DBRef (`$ref`, `$id`) is a value. */
export function isOperators(value: Found): value is Doc {
  if (!isDoc(value)) return false;
  const [first] = value.keys();
  return first?.startsWith('$') === true && first !== '$ref' && first !== '$id';
}

/** MongoDB's truth: false, null, a missing value and every zero are false, all else is true. */
export function truthy(value: Found): boolean {
  return isNumeric(value) ? toNumber(value) !== 0 : value !== false && value !== null && value !== undefined;
}

/** null also equals a missing field. */
export function equals(arg: Value): Test {
  return (value) => (value === undefined ? arg === null : compare(value, arg) === 0);
}

/** The test of a bare value in a filter: a regular expression also matches texts, other values only equal ones. */
export function means(arg: Value): Test {
  if (!(arg instanceof BSONRegExp)) return equals(arg);
  const expression = compileRegExp(arg);
  const same = equals(arg);
  return (value) => (typeof value === 'string' ? expression.test(value) : same(value));
}

export function anyOf(operator: string, operand: Value): Test {
  if (!isArray(operand)) throw new CommandError(2, `${operator} needs an array`);
  if (operand.some(isOperators)) throw new CommandError(2, `cannot nest $ under ${operator}`);
  const expressions = operand.filter((value) => value instanceof BSONRegExp).map(means);
  const values = new Set(operand.map(keyOf));
  // null also equals a missing field.
  return (value) => values.has(keyOf(value ?? null)) || expressions.some((test) => test(value));
}

/** The regular expression of `$regex` with its `$options`. @throws {CommandError} 2, 51074 or 51075 as mongod */
export function regExpOf(operators: Doc): BSONRegExp {
  const [regex, options] = [operators.get('$regex'), operators.get('$options')];
  if (regex === undefined) throw new CommandError(2, '$options needs a $regex');
  if (options !== undefined && typeof options !== 'string')
    throw new CommandError(2, '$options has to be a string');
  if (typeof regex === 'string') return regExpFrom(regex, options ?? '');
  if (!(regex instanceof BSONRegExp)) throw new CommandError(2, '$regex has to be a string');
  if (options === undefined) return regex;
  if (regex.options === '') return regExpFrom(regex.pattern, options);
  const optionsFirst = [...operators.keys()].indexOf('$options') < [...operators.keys()].indexOf('$regex');
  throw new CommandError(optionsFirst ? 51075 : 51074, 'options set in both $regex and $options');
}

/** Arrays of one length. */
export function ofSize(operand: Value): Test {
  const size = isNumeric(operand) ? toNumber(operand) : undefined;
  const failed = (why: string) =>
    new CommandError(2, `Failed to parse $size. Expected ${why} in: $size: ${show(operand)}`);
  if (size === undefined) throw failed('a number');
  if (!Number.isInteger(size)) throw failed('an integer');
  if (size < 0) throw failed('a non-negative number');
  return (value) => isArray(value) && value.length === size;
}

/** Numbers with that remainder; fractions are cut off first. */
export function modulo(operand: Value): Test {
  if (!isArray(operand)) throw new CommandError(2, 'malformed mod, needs to be an array');
  if (operand.length < 2) throw new CommandError(2, 'malformed mod, not enough elements');
  if (operand.length > 2) throw new CommandError(2, 'malformed mod, too many elements');
  const [divisor, remainder] = operand.map((number, index) => {
    const whole = isNumeric(number) ? truncate(number) : undefined;
    if (whole !== undefined) return whole;
    throw new CommandError(2, `malformed mod, ${index === 0 ? 'divisor' : 'remainder'} not a number`);
  }) as [bigint, bigint];
  if (divisor === 0n) throw new CommandError(2, 'divisor cannot be 0');
  return (value) => {
    const whole = isNumeric(value) ? truncate(value) : undefined;
    return whole !== undefined && whole % divisor === remainder;
  };
}

/**
 * Order within one type ("type bracketing"; MongoDB manual, "Comparison Query Operators"). MinKey and MaxKey alone compare with
 * every type. null only equals null or a missing field, and NaN only itself.
 */
export function ordered(arg: Value, orEqual: boolean, accepts: (order: number) => boolean): Test {
  if (arg instanceof BSONRegExp) throw new CommandError(2, "Can't have RegEx as arg to predicate over field");
  if (arg === null) return orEqual ? equals(null) : () => false;
  if (arg instanceof MinKey || arg instanceof MaxKey) {
    return (value) => value !== undefined && accepts(compare(value, arg));
  }
  const argIsNaN = isNaNValue(arg);
  return (value) => {
    if (value === undefined || rank(value) !== rank(arg)) return false;
    if (argIsNaN || isNaNValue(value)) return orEqual && compare(value, arg) === 0;
    return accepts(compare(value, arg));
  };
}

const isNaNValue = (value: Value) => isNumeric(value) && Number.isNaN(toNumber(value));
