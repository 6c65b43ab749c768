import { BSONRegExp, MaxKey, MinKey } from 'bson';
import { compare, rank } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { toNumber } from './numbers.ts';
import { type Doc, type Found, isArray, isDoc, isNumeric, type Value } from './values.ts';

/** Whether one value that a path reached satisfies an operator. */
export type Test = (value: Found) => boolean;

/** `{ $gt: 1 }`, not `{ b: 1 }`; a DBRef (`$ref`, `$id`) is a value. */
export function isOperators(value: Found): value is Doc {
  if (!isDoc(value)) return false;
  const [first] = value.keys();
  return first?.startsWith('$') === true && first !== '$ref' && first !== '$id';
}

/** MongoDB's truth: false, null and every zero are false, all else is true. */
export function truthy(value: Value): boolean {
  return isNumeric(value) ? toNumber(value) !== 0 : value !== false && value !== null;
}

/** null also equals a missing field. */
export function equals(arg: Value): Test {
  if (arg instanceof BSONRegExp) throw notSupported('a regular expression in a filter');
  return (value) => (value === undefined ? arg === null : compare(value, arg) === 0);
}

export function anyOf(operator: string, operand: Value): Test {
  if (!isArray(operand)) throw new CommandError(2, `${operator} needs an array`);
  if (operand.some(isOperators)) throw new CommandError(2, `cannot nest $ under ${operator}`);
  const tests = operand.map(equals);
  return (value) => tests.some((test) => test(value));
}

/**
 * Order within one type ("type bracketing"; MongoDB manual, "Comparison Query Operators"). MinKey and MaxKey alone compare with
 * every type. null is only ever equal, also to a missing field, and NaN only to itself.
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
