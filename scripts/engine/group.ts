import { Double, Int32 } from 'bson';
import { compare, keyOf } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { compileExpression, type Expression } from './expressions.ts';
import { sum, toNumber } from './numbers.ts';
import { type Doc, type Found, isArray, isDoc, isNumeric, show, type Value } from './values.ts';

/** mongod's accumulators that the engine lacks. */
const REFUSED = new Set(
  '$accumulator $bottom $bottomN $firstN $lastN $maxN $median $mergeObjects $minN $percentile $stdDevPop $stdDevSamp $top $topN'.split(
    ' ',
  ),
);

/** From what an expression is for each document of a group, in their order, to the group's value. */
type Accumulator = (values: readonly Found[]) => Value;

const something = (values: readonly Found[]) =>
  values.filter((value) => value !== undefined && value !== null);
const present = (values: readonly Found[]) => values.filter((value) => value !== undefined);
const extreme = (values: readonly Found[], direction: 1 | -1): Value =>
  something(values).reduce(
    (best, value) => (compare(value, best) * direction < 0 ? value : best),
    something(values)[0],
  ) ?? null;

/** (MongoDB manual, "Accumulators".) */
const ACCUMULATORS = new Map<string, Accumulator>([
  ['$sum', (values) => sum(values.filter(isNumeric))],
  ['$avg', average],
  ['$min', (values) => extreme(values, 1)],
  ['$max', (values) => extreme(values, -1)],
  ['$first', (values) => values[0] ?? null],
  ['$last', (values) => values.at(-1) ?? null],
  ['$push', present],
  ['$addToSet', (values) => [...new Map(present(values).map((value) => [keyOf(value), value])).values()]],
  ['$count', (values) => new Int32(values.length)],
]);

function average(values: readonly Found[]): Value {
  const numbers = values.filter(isNumeric);
  return numbers.length === 0 ? null : new Double(toNumber(sum(numbers)) / numbers.length);
}

interface Field {
  readonly name: string;
  readonly evaluate: Expression;
  readonly accumulate: Accumulator;
}

/** Compiles `$group` (MongoDB manual). Groups come in the order in which their first documents did; mongod promises none. */
export function compileGroup(spec: Value): (docs: readonly Doc[]) => Doc[] {
  if (!isDoc(spec)) throw new CommandError(15947, "a group's fields must be specified in an object");
  const id = spec.get('_id');
  if (id === undefined) throw new CommandError(15955, 'a group specification must include an _id');
  const idOf = compileExpression(id);
  const fields = [...spec].filter(([name]) => name !== '_id').map(([name, arg]) => fieldOf(name, arg));
  return (docs) => {
    const groups = new Map<string, { id: Value; docs: Doc[] }>();
    for (const doc of docs) {
      const value = idOf(doc) ?? null;
      const group = groups.get(keyOf(value)) ?? { id: value, docs: [] };
      groups.set(keyOf(value), group);
      group.docs.push(doc);
    }
    return [...groups.values()].map((group) => {
      const accumulated = fields.map(
        ({ name, evaluate, accumulate }) => [name, accumulate(group.docs.map(evaluate))] as const,
      );
      return new Map<string, Value>([['_id', group.id], ...accumulated]);
    });
  };
}

function fieldOf(name: string, spec: Value): Field {
  if (name.includes('.')) throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$'))
    throw new CommandError(40236, `The field name '${name}' cannot be an operator name`);
  if (!isDoc(spec)) throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  const [entry] = spec;
  if (entry === undefined || spec.size !== 1)
    throw new CommandError(40238, `The field '${name}' must specify one accumulator`);
  const [operator, arg] = entry;
  const accumulate = ACCUMULATORS.get(operator);
  if (accumulate === undefined && REFUSED.has(operator)) throw notSupported(`the accumulator ${operator}`);
  if (accumulate === undefined) throw new CommandError(15952, `unknown group operator '${operator}'`);
  if (operator === '$count') {
    if (isDoc(arg) && arg.size === 0) return { name, evaluate: () => null, accumulate };
    throw new CommandError(14, `$count takes no arguments, i.e. $count:{}, but was given ${show(arg)}`);
  }
  if (isArray(arg)) throw new CommandError(40237, `The ${operator} accumulator is a unary operator`);
  return { name, evaluate: compileExpression(arg), accumulate };
}
