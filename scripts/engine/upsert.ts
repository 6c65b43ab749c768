import { BSONRegExp } from 'bson';
import { compare } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { setAllIn } from './set-in.ts';
import { isOperators } from './value-tests.ts';
import { type Doc, isArray, isDoc, type Value } from './values.ts';

/**
 * The document an upsert starts from: the filter's equalities, in the order of their paths (MongoDB manual, "Upsert Behavior").
 * @throws {CommandError} 54 when a path is matched twice, 238 for filters from which mongod derives a document in other ways
 */
export function seedFromFilter(filter: Doc): Doc {
  const equalities = equalitiesOf(filter).sort(([a], [b]) => compare(a, b));
  const seen = new Set<string>();
  for (const [path] of equalities) {
    if (beginnings(path).some((one) => seen.has(one)))
      throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    seen.add(path);
  }
  return setAllIn(
    new Map(),
    equalities.map(([path, value]) => ({ path: path.split('.'), change: () => value })),
  );
}

/** `a`, `a.b` and `a.b.c` of `a.b.c`. */
function beginnings(path: string): string[] {
  const parts = path.split('.');
  return parts.map((_, last) => parts.slice(0, last + 1).join('.'));
}

function equalitiesOf(filter: Doc): [string, Value][] {
  return [...filter].flatMap(([name, arg]): [string, Value][] => {
    if (name === '$and' && isArray(arg)) return arg.filter(isDoc).flatMap(equalitiesOf);
    // An $or with one branch is no choice.
    if (name === '$or' && isArray(arg) && arg.length === 1) return arg.filter(isDoc).flatMap(equalitiesOf);
    if (name.startsWith('$')) return [];
    if (name.startsWith('_id.')) throw notSupported('an upsert whose filter looks inside _id');
    if (arg instanceof BSONRegExp) return [];
    if (!isOperators(arg)) return [[name, arg]];
    return [...arg].flatMap(([operator, operand]) =>
      valuesMeant(operator, operand).map((value): [string, Value] => [name, value]),
    );
  });
}

/** The values that an operator sets a field equal to: all of `$all`, and the only value of an `$in`. */
function valuesMeant(operator: string, operand: Value): readonly Value[] {
  if (operator === '$eq') return [operand];
  if (!isArray(operand) || (operator !== '$all' && (operator !== '$in' || operand.length > 1))) return [];
  return operand.filter((value) => !(value instanceof BSONRegExp) && !isOperators(value));
}
