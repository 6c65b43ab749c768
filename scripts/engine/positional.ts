import { notSupported } from './errors.ts';
import { compileFilter, compileInnerFilter } from './query.ts';
import { operatorsOn } from './query-operators.ts';
import { isOperators, means, type Test, truthy } from './value-tests.ts';
import { arrayIndex, type Doc, type Found, isArray, isDoc, type Value } from './values.ts';

/** Operators that accept a document without pointing to one element of its array. */
const POINTLESS = ['$ne', '$nin', '$not', '$options'];
/** Operators for an array as a whole: they point to an element only when the path goes through one. */
const WHOLE = ['$size', '$exists'];

/**
 * The position that the positional `$` means: that of the first array element by which a filter matches the document; undefined without one
 * (MongoDB manual, "$ (update)").
 * @throws {CommandError} 238 where mongod's choice depends on the order in which it evaluates the filter
 */
export function matchedPosition(filter: Doc, doc: Doc): number | undefined {
  const positions = new Set(positionsIn(filter, doc));
  if (positions.size > 1)
    throw notSupported('the positional $ with conditions that match different elements');
  if (positions.size === 0 && filter.has('$or')) throw notSupported('the positional $ with an $or');
  return [...positions][0];
}

function positionsIn(filter: Doc, doc: Doc): number[] {
  return [...filter].flatMap(([name, arg]) => {
    if (name === '$and' && isArray(arg)) return arg.filter(isDoc).flatMap((one) => positionsIn(one, doc));
    if (name.startsWith('$')) return [];
    return conditionsIn(arg).flatMap((condition) => positionAt(doc, name.split('.'), condition) ?? []);
  });
}

/** The parts of a field's condition, each of which may point to an element. */
function conditionsIn(arg: Value): Value[] {
  if (!isOperators(arg)) return [arg];
  return [...arg].flatMap(([operator, operand]): Value[] => {
    if (POINTLESS.includes(operator) || (operator === '$exists' && !truthy(operand))) return [];
    if (operator === '$all' && isArray(operand)) return operand.flatMap(conditionsIn);
    return operator === '$regex' ? [arg] : [new Map([[operator, operand]])];
  });
}

/** The outermost array on the path counts. An array that the path enters by a position does not. */
function positionAt(start: Found, path: readonly string[], condition: Value): number | undefined {
  let value = start;
  let at = 0;
  for (; at < path.length && isDoc(value); at++) value = value.get(path[at] as string);
  if (!isArray(value)) return undefined;
  const rest = path.slice(at);
  if (rest.length === 0 && isOperators(condition) && WHOLE.some((name) => condition.has(name)))
    return undefined;
  const index = value.findIndex(rest.length === 0 ? elementTest(condition) : insideTest(rest, condition));
  if (index >= 0) return index;
  const named = rest.length > 1 ? arrayIndex(rest[0] as string) : undefined;
  return named === undefined ? undefined : positionAt(value[named], rest.slice(1), condition);
}

function elementTest(condition: Value): Test {
  if (!isOperators(condition)) return means(condition);
  const test = operatorsOn<Value>((one) => one, condition, compileInnerFilter);
  return condition.has('$elemMatch')
    ? (element) => test([element as Value])
    : (element) => test(element as Value);
}

function insideTest(path: readonly string[], condition: Value): Test {
  const matches = compileFilter(new Map([[path.join('.'), condition]]));
  return (element) => isDoc(element) && matches(element);
}
