import { Double, Int32 } from 'bson';
import { compare, keyOf } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { compileExpression, type Expression } from './expressions.ts';
import { type Held, handOut, Item, type Items } from './item.ts';
import { toNumber } from './numbers.ts';
import { Sum } from './sum.ts';
import { type Found, isArray, isDoc, isNumeric, show, type Value } from './values.ts';

/** mongod's accumulators that the engine lacks. */
const REFUSED = new Set(
  '$accumulator $bottom $bottomN $firstN $lastN $maxN $median $mergeObjects $minN $percentile $stdDevPop $stdDevSamp $top $topN'.split(
    ' ',
  ),
);

/** Takes the expression's value for each document of a group, in order, and returns the group's value. */
interface Accumulation {
  add(value: Found): void;
  result(): Value;
}

/** An accumulation whose state is one value. */
const folding =
  <T>(start: () => T, next: (state: T, value: Found) => T, result: (state: T) => Value) =>
  (): Accumulation => {
    let state = start();
    return {
      add: (value) => {
        state = next(state, value);
      },
      result: () => result(state),
    };
  };

const extreme = (direction: 1 | -1) =>
  folding<Found>(
    () => undefined,
    (best, value) => {
      if (value === undefined || value === null) return best;
      return best === undefined || compare(value, best) * direction < 0 ? value : best;
    },
    (best) => best ?? null,
  );

/** The accumulators of the engine (MongoDB manual, "Accumulators"). */
const ACCUMULATORS = new Map<string, () => Accumulation>([
  [
    '$sum',
    folding(
      () => new Sum(),
      added,
      (total) => total.value,
    ),
  ],
  ['$avg', average],
  ['$min', extreme(1)],
  ['$max', extreme(-1)],
  [
    '$first',
    folding<Found[]>(
      () => [],
      (all, value) => (all.length > 0 ? all : [value]),
      ([first]) => first ?? null,
    ),
  ],
  [
    '$last',
    folding<Found>(
      () => null,
      (_last, value) => value,
      (last) => last ?? null,
    ),
  ],
  [
    '$push',
    folding<Value[]>(
      () => [],
      pushed,
      (all) => all,
    ),
  ],
  [
    '$addToSet',
    folding<Map<string, Value>>(
      () => new Map(),
      put,
      (all) => [...all.values()],
    ),
  ],
  [
    '$count',
    folding(
      () => 0,
      (count) => count + 1,
      (count) => new Int32(count),
    ),
  ],
]);

function added(total: Sum, value: Found): Sum {
  if (isNumeric(value)) total.add(value);
  return total;
}

function pushed(all: Value[], value: Found): Value[] {
  if (value !== undefined) all.push(value);
  return all;
}

function put(all: Map<string, Value>, value: Found): Map<string, Value> {
  if (value !== undefined && !all.has(keyOf(value))) all.set(keyOf(value), value);
  return all;
}

function average(): Accumulation {
  const total = new Sum();
  let count = 0;
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      count++;
      total.add(value);
    },
    result: () => (count === 0 ? null : new Double(toNumber(total.value) / count)),
  };
}

interface Field {
  readonly name: string;
  readonly evaluate: Expression;
  readonly accumulate: () => Accumulation;
}

/** Compiles `$group` (MongoDB manual). Groups are in the order of their first documents; mongod promises no order. */
export function compileGroup(spec: Value): (items: Items, held: Held) => Items {
  if (!isDoc(spec)) throw new CommandError(15947, "a group's fields must be specified in an object");
  const id = spec.get('_id');
  if (id === undefined) throw new CommandError(15955, 'a group specification must include an _id');
  const idOf = compileExpression(id);
  const fields = [...spec].filter(([name]) => name !== '_id').map(([name, arg]) => fieldOf(name, arg));
  return (items, held) => grouped(items, idOf, fields, held);
}

function* grouped(items: Items, idOf: Expression, fields: readonly Field[], held: Held): Items {
  const groups = new Map<string, { id: Value; accumulations: Accumulation[] }>();
  for (const item of items) {
    yield;
    if (item === undefined) continue;
    const id = idOf(item.doc) ?? null;
    const key = keyOf(id);
    const group = groups.get(key) ?? { id, accumulations: fields.map(({ accumulate }) => accumulate()) };
    groups.set(key, group);
    for (const [at, { evaluate }] of fields.entries()) group.accumulations[at]?.add(evaluate(item.doc));
  }
  const made: Item[] = [];
  for (const { id, accumulations } of groups.values()) {
    const values = accumulations.map((one, at) => [fields[at]?.name as string, one.result()] as const);
    made.push(Item.made(new Map<string, Value>([['_id', id], ...values])).kept);
    yield;
  }
  yield* handOut(made, held);
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
