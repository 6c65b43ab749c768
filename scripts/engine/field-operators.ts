import { Double, Int32, Long, Timestamp } from 'bson';
import { compare } from './compare.ts';
import { CommandError } from './errors.ts';
import { add, multiply } from './numbers.ts';
import { type Alter, idOf, type Operator } from './update-operator.ts';
import { aliasOf, isDoc, isNumeric, type Numeric, show, type Value } from './values.ts';

/** The update operators for fields (MongoDB manual, "Field Update Operators"), without `$rename`. */
export const FIELD_OPERATORS: Readonly<Record<string, Operator>> = {
  $set: set,
  $setOnInsert: set,
  $unset: () => () => undefined,
  $inc: calculation('$inc', 'increment', add, (by) => by),
  $mul: calculation('$mul', 'multiply', multiply, zeroLike),
  $min: (operand) => (old) => (old === undefined || compare(operand, old) < 0 ? operand : old),
  $max: (operand) => (old) => (old === undefined || compare(operand, old) > 0 ? operand : old),
  $currentDate: (operand) => currentDate(operand),
  $bit: bit,
};

const BIT_OPERATIONS = new Map<string, (a: bigint, b: bigint) => bigint>([
  ['and', (a, b) => a & b],
  ['or', (a, b) => a | b],
  ['xor', (a, b) => a ^ b],
]);

function set(operand: Value): Alter {
  return () => operand;
}

/** `$inc` and `$mul`; `start` is the result for a missing field. */
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
          `Cannot apply ${name} to a value of non-numeric type. ${idOf(before)} has the field '${field.split('.').at(-1)}' of non-numeric type ${aliasOf(old)}`,
        );
      }
      const result = calculate(old, by);
      // -0.0 plus 0 stays -0.0: a result that equals the old number, with its type, changes nothing (mongod's SafeNum::isIdentical).
      if (result !== undefined) return isSameNumber(result, old) ? old : result;
      throw new CommandError(
        2,
        `Failed to apply ${name} operations to current value (${show(old)}) for document ${idOf(before)}`,
      );
    };
  };
}

function isSameNumber(a: Numeric, b: Numeric): boolean {
  return aliasOf(a) === aliasOf(b) && compare(a, b) === 0;
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
    `${aliasOf(operand)} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
  );
}

/** `$bit`: operations on the bits of an int or a long, one after the other; a missing field is the int 0. */
function bit(operand: Value, field: string): Alter {
  const steps = isDoc(operand) ? [...operand] : [];
  if (steps.length === 0) {
    throw new CommandError(
      2,
      `You must pass in at least one bitwise operation. The format is: {$bit: {${field}: {and/or/xor: #}}`,
    );
  }
  for (const [name, by] of steps) {
    if (!BIT_OPERATIONS.has(name)) {
      throw new CommandError(
        2,
        `The $bit modifier only supports 'and', 'or', and 'xor', not '${name}' which is an unknown operator: {${name}: ${show(by)}}`,
      );
    }
    if (isInteger(by)) continue;
    throw new CommandError(
      2,
      `The $bit modifier field must be an Integer(32/64 bit); a '${aliasOf(by)}' is not supported here: {${name}: ${show(by)}}`,
    );
  }
  return (old = new Int32(0), before) => {
    if (!isInteger(old)) {
      throw new CommandError(
        2,
        `Cannot apply $bit to a value of non-integral type.${idOf(before)} has the field ${field.split('.').at(-1)} of non-integer type ${aliasOf(old)}`,
      );
    }
    return steps.reduce((bits, [name, by]) => bitwise(bits, by as Int32 | Long, name), old);
  };
}

const isInteger = (value: Value): value is Int32 | Long =>
  isNumeric(value) && (value instanceof Int32 || value instanceof Long);

function bitwise(a: Int32 | Long, b: Int32 | Long, name: string): Int32 | Long {
  const calculate = BIT_OPERATIONS.get(name) as (a: bigint, b: bigint) => bigint;
  const bits = calculate(BigInt(a.toString()), BigInt(b.toString()));
  return a instanceof Int32 && b instanceof Int32 ? new Int32(Number(bits)) : Long.fromBigInt(bits);
}
