import { compare } from './compare.ts';
import { CommandError } from './errors.ts';
import { toNumber } from './numbers.ts';
import { childOf } from './paths.ts';
import { type Alter, idOf } from './update-operator.ts';
import { aliasOf, type Doc, type Found, isArray, isDoc, isNumeric, type Value } from './values.ts';

const CLAUSES = ['$each', '$position', '$sort', '$slice'];

/** `$push`: puts a value, or `$each` of several, into an array at `$position`, then sorts it, then keeps a `$slice` of it. */
export function compilePush(operand: Value, field: string): Alter {
  const clauses: Doc = isDoc(operand) && operand.has('$each') ? operand : new Map([['$each', [operand]]]);
  const unknown = [...clauses.keys()].find((name) => !CLAUSES.includes(name));
  if (unknown !== undefined) throw new CommandError(2, `Unrecognized clause in $push: ${unknown}`);
  const each = clauses.get('$each');
  if (!isArray(each)) {
    throw new CommandError(
      2,
      `The argument to $each in $push must be an array but it was of type: ${aliasOf(each)}`,
    );
  }
  const position = integerIn(clauses, '$position');
  const slice = integerIn(clauses, '$slice');
  const order = orderOf(clauses.get('$sort'));
  return (old, before) => {
    if (old !== undefined && !isArray(old)) {
      throw new CommandError(
        2,
        `The field '${field}' must be an array but is of type ${aliasOf(old)} in document ${idOf(before)}`,
      );
    }
    const whole = [...(old ?? [])];
    whole.splice(position ?? whole.length, 0, ...each);
    if (order !== undefined) whole.sort(order);
    if (slice === undefined) return whole;
    return slice < 0 ? whole.slice(slice) : whole.slice(0, slice);
  };
}

function integerIn(clauses: Doc, name: string): number | undefined {
  const value = clauses.get(name);
  if (value === undefined) return undefined;
  if (isNumeric(value) && Number.isInteger(toNumber(value))) return toNumber(value);
  throw new CommandError(
    2,
    `The value for ${name} must be an integer value but was given type: ${aliasOf(value)}`,
  );
}

type Order = (a: Value, b: Value) => number;

/** `1` and `-1` order elements by themselves, a document orders them by their fields. */
function orderOf(sort: Found): Order | undefined {
  if (sort === undefined) return undefined;
  if (!isDoc(sort)) {
    const direction = directionOf(sort);
    return (a, b) => compare(a, b) * direction;
  }
  if (sort.size === 0)
    throw new CommandError(2, 'The $sort pattern is empty when it should be a set of fields.');
  const fields = [...sort].map(([name, value]) => ({ path: name.split('.'), direction: directionOf(value) }));
  return (a, b) => {
    for (const { path, direction } of fields) {
      const order = compare(valueAt(a, path), valueAt(b, path)) * direction;
      if (order !== 0) return order;
    }
    return 0;
  };
}

function directionOf(value: Value): number {
  const direction = isNumeric(value) ? toNumber(value) : undefined;
  if (direction === 1 || direction === -1) return direction;
  throw new CommandError(
    2,
    'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields',
  );
}

/** Here a path leads to one value: an array on the path is entered only by position, and a missing value counts as null. */
const valueAt = (element: Value, path: readonly string[]): Value =>
  path.reduce<Found>(childOf, element) ?? null;
