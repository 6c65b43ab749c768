import { BSONRegExp } from 'bson';
import { CommandError, notSupported } from './errors.ts';
import { type AtArray, byPosition } from './paths.ts';
import { typeTest } from './type-test.ts';
import {
  anyOf,
  equals,
  isOperators,
  means,
  modulo,
  ofSize,
  ordered,
  regExpOf,
  type Test,
  truthy,
} from './value-tests.ts';
import { type Doc, isArray, isDoc, type Value } from './values.ts';

export type Matcher<Subject> = (subject: Subject) => boolean;
type Compile = (filter: Doc) => Matcher<Doc>;

/** How operators read their subject: a document through a path, where one of several values is enough, or an array's element. */
export type Look<Subject> = (test: Test, atArray?: AtArray) => Matcher<Subject>;

/** mongod's query operators that the engine lacks; any other name starting with $ is unknown to mongod as well. */
export const REFUSED = new Set(
  (
    '$bitsAllSet $bitsAnySet $bitsAllClear $bitsAnyClear $geoWithin $geoIntersects $near $nearSphere $geoNear $within ' +
    '$where $text $jsonSchema $sampleRate $rand $alwaysTrue $alwaysFalse'
  ).split(' '),
);

const ORDERS = new Map<string, readonly [orEqual: boolean, accepts: (order: number) => boolean]>([
  ['$gt', [false, (order) => order > 0]],
  ['$gte', [true, (order) => order >= 0]],
  ['$lt', [false, (order) => order < 0]],
  ['$lte', [true, (order) => order <= 0]],
]);

/** Compiles the conditions of a filter on one field. `compileFilter` is for the filter in an `$elemMatch`. */
export function operatorsOn<Subject>(
  look: Look<Subject>,
  operators: Doc,
  compileFilter: Compile,
): Matcher<Subject> {
  return every(
    [...operators].map(([name, operand]) => operatorOn(look, name, operand, operators, compileFilter)),
  );
}

function operatorOn<Subject>(
  look: Look<Subject>,
  operator: string,
  operand: Value,
  siblings: Doc,
  compileFilter: Compile,
): Matcher<Subject> {
  const order = ORDERS.get(operator);
  if (order !== undefined) return look(ordered(operand, ...order));
  switch (operator) {
    case '$eq':
      return look(equals(operand));
    case '$ne':
      if (operand instanceof BSONRegExp) throw new CommandError(2, "Can't have regex as arg to $ne.");
      return not(look(equals(operand)));
    case '$in':
      return look(anyOf('$in', operand));
    case '$nin':
      return not(look(anyOf('$nin', operand)));
    case '$exists': {
      const exists = look((value) => value !== undefined, 'whole');
      return truthy(operand) ? exists : not(exists);
    }
    case '$type':
      return look(typeTest(operand));
    case '$regex':
    case '$options':
      return look(means(regExpOf(siblings)));
    case '$mod':
      return look(modulo(operand));
    case '$size':
      return look(ofSize(operand), 'whole');
    case '$all':
      return allOn(look, operand, compileFilter);
    case '$elemMatch':
      return look(elementTest(operand, compileFilter), 'whole');
    case '$not':
      if (operand instanceof BSONRegExp) return not(look(means(operand)));
      if (!isOperators(operand)) throw new CommandError(2, '$not needs a regex or a document');
      return not(operatorsOn(look, operand, compileFilter));
    default:
      if (REFUSED.has(operator)) throw notSupported(`the query operator ${operator}`);
      throw new CommandError(2, `unknown operator: ${operator}`);
  }
}

/** `$all`: each of the values, or an element for each `$elemMatch`. */
function allOn<Subject>(look: Look<Subject>, operand: Value, compileFilter: Compile): Matcher<Subject> {
  if (!isArray(operand)) throw new CommandError(2, '$all needs an array');
  const isElemMatch = (value: Value | undefined) => isDoc(value) && value.has('$elemMatch');
  if (operand.some(isElemMatch) && !operand.every(isElemMatch))
    throw new CommandError(2, '$all/$elemMatch has to be consistent');
  if (operand.length > 0 && operand.every(isElemMatch))
    return every(operand.map((one) => operatorsOn(look, one as Doc, compileFilter)));
  if (operand.some(isOperators)) throw new CommandError(2, 'no $ expressions in $all');
  return operand.length === 0 ? () => false : every(operand.map((value) => look(means(value))));
}

/** `$elemMatch`: an element that matches all operators, or a whole filter. */
function elementTest(operand: Value, compileFilter: Compile): Test {
  if (!isDoc(operand)) throw new CommandError(2, '$elemMatch needs an Object');
  if (operand.has('$expr')) throw new CommandError(2, '$expr can only be applied to the top-level document');
  const [first = ''] = operand.keys();
  if (isOperators(operand) && !['$and', '$or', '$nor', '$where'].includes(first)) {
    const element = operatorsOn<Value>((test) => test, operand, compileFilter);
    return (value) => isArray(value) && value.some(element);
  }
  const matches = compileFilter(operand);
  const element = (value: Value) =>
    isArray(value) ? matches(byPosition(value)) : isDoc(value) && matches(value);
  return (value) => isArray(value) && value.some(element);
}

export const every =
  <Subject>(parts: readonly Matcher<Subject>[]): Matcher<Subject> =>
  (subject) =>
    parts.every((part) => part(subject));

export const not =
  <Subject>(matcher: Matcher<Subject>): Matcher<Subject> =>
  (subject) =>
    !matcher(subject);
