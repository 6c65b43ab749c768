import { BSONRegExp } from 'bson';
import { compare } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { setIn } from './set-in.ts';
import { isOperators } from './value-tests.ts';
import { type Doc, isArray, isDoc, type Value } from './values.ts';

/**
 * The document an upsert starts from: the filter's equalities, in the order of their paths (MongoDB manual, "Upsert Behavior").
 * @throws {CommandError} 54 when a path is matched twice, 238 for filters whose seed mongod derives less directly
 */
export function seedFromFilter(filter: Doc): Doc {
  const equalities = equalitiesOf(filter).sort(([a], [b]) => compare(a, b));
  for (const [index, [path]] of equalities.entries()) {
    const earlier = equalities.slice(0, index).some(([other]) => `${path}.`.startsWith(`${other}.`));
    if (earlier)
      throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
  }
  const seed: Doc = new Map();
  return equalities.reduce((doc, [path, value]) => setIn(doc, path.split('.'), () => value), seed);
}

function equalitiesOf(filter: Doc): [string, Value][] {
  return [...filter].flatMap(([name, arg]): [string, Value][] => {
    if (name === '$and' && isArray(arg)) return arg.filter(isDoc).flatMap(equalitiesOf);
    // One branch is no choice.
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

/** What an operator says that a field equals: all of `$all`, and the one value there is to choose from `$in`. */
function valuesMeant(operator: string, operand: Value): readonly Value[] {
  if (operator === '$eq') return [operand];
  if (!isArray(operand) || (operator !== '$all' && (operator !== '$in' || operand.length > 1))) return [];
  return operand.filter((value) => !(value instanceof BSONRegExp) && !isOperators(value));
}
