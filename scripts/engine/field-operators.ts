import { Double, Int32, Long, Timestamp } from 'bson';
import { compare } from './compare.ts';
import { CommandError } from './errors.ts';
import { add, multiply } from './numbers.ts';
import { type Alter, idOf, type Operator } from './update-operator.ts';
import { isDoc, isNumeric, type Numeric, show, typeOf, type Value } from './values.ts';

/** The update operators for fields (MongoDB manual, "Field Update Operators"), but `$rename`. */
export const FIELD_OPERATORS: readonly (readonly [string, Operator])[] = [
  ['$set', set],
  ['$setOnInsert', set],
  ['$unset', () => () => undefined],
  ['$inc', calculation('$inc', 'increment', add, (by) => by)],
  ['$mul', calculation('$mul', 'multiply', multiply, zeroLike)],
  ['$min', (operand) => (old) => (old === undefined || compare(operand, old) < 0 ? operand : old)],
  ['$max', (operand) => (old) => (old === undefined || compare(operand, old) > 0 ? operand : old)],
  ['$currentDate', (operand) => currentDate(operand)],
];

function set(operand: Value): Alter {
  return () => operand;
}

/** `$inc` and `$mul`; `start` is what a missing field becomes. */
function calculation(
  name: string,
  verb: string,
  calculate: (a: Numeric, b: Numeric) => Numeric | undefined,
  start: (by: Numeric) => Numeric,
): Operator {
  return (by, field) => {
    if (!isNumeric(by))
      throw new CommandError(14, `Cannot ${verb} with non-numeric argument: {${field}: ${show(by)}}`);
    return (old, before) => {
      if (old === undefined) return start(by);
      if (!isNumeric(old)) {
        throw new CommandError(
          14,
          `Cannot apply ${name} to a value of non-numeric type. ${idOf(before)} has the field '${field.split('.').at(-1)}' of non-numeric type ${typeOf(old).alias}`,
        );
      }
      const result = calculate(old, by);
      // -0.0 plus 0 stays -0.0: what equals the old number, type and all, changes nothing (mongod's SafeNum::isIdentical).
      if (result !== undefined) return isSameNumber(result, old) ? old : result;
      throw new CommandError(
        2,
        `Failed to apply ${name} operations to current value (${show(old)}) for document ${idOf(before)}`,
      );
    };
  };
}

function isSameNumber(a: Numeric, b: Numeric): boolean {
  return typeOf(a).alias === typeOf(b).alias && compare(a, b) === 0;
}

function zeroLike(by: Numeric): Numeric {
  if (by instanceof Int32) return new Int32(0);
  // Decimal128 is refused by multiply, whichever zero it meets.
  return by instanceof Long ? Long.ZERO : (multiply(by, new Double(0)) ?? by);
}

function currentDate(operand: Value): Alter {
  const type = isDoc(operand) && operand.size === 1 ? operand.get('$type') : undefined;
  if (typeof operand === 'boolean' || type === 'date') return () => new Date();
  if (type === 'timestamp') return () => new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 });
  throw new CommandError(
    2,
    `${typeOf(operand).alias} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
  );
}
