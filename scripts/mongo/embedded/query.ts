import { BSONRegExp } from 'bson';
import { CommandError, notSupported } from './errors.ts';
import { reach } from './paths.ts';
import { typeTest } from './type-test.ts';
import { anyOf, equals, isOperators, ordered, type Test, truthy } from './value-tests.ts';
import { type Doc, isArray, isDoc, type Value } from './values.ts';

export type Predicate = (doc: Doc) => boolean;

/** mongod's query operators that the engine lacks; any other name starting with $ is unknown to mongod as well. */
const REFUSED = new Set(
  (
    '$regex $options $size $all $elemMatch $mod $bitsAllSet $bitsAnySet $bitsAllClear $bitsAnyClear $geoWithin ' +
    '$geoIntersects $near $nearSphere $geoNear $within $expr $where $text $jsonSchema $sampleRate $rand ' +
    '$alwaysTrue $alwaysFalse'
  ).split(' '),
);

/**
 * Compiles a filter (MongoDB manual, "Query Predicates"). The predicate never throws.
 * @throws {CommandError} 2 for a filter mongod refuses, 238 for one only the engine refuses
 */
export function compileFilter(filter: Doc): Predicate {
  const parts = [...filter].filter(([name]) => name !== '$comment').map(([name, arg]) => clause(name, arg));
  return (doc) => parts.every((part) => part(doc));
}

function clause(name: string, arg: Value): Predicate {
  if (!name.startsWith('$')) return fieldClause(name.split('.'), arg);
  if (REFUSED.has(name)) throw notSupported(`the query operator ${name}`);
  if (name !== '$and' && name !== '$or' && name !== '$nor') {
    throw new CommandError(
      2,
      `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
    );
  }
  const branches = branchesOf(name, arg).map(compileFilter);
  if (name === '$and') return (doc) => branches.every((branch) => branch(doc));
  const any: Predicate = (doc) => branches.some((branch) => branch(doc));
  return name === '$or' ? any : (doc) => !any(doc);
}

function branchesOf(name: string, arg: Value): readonly Doc[] {
  if (!isArray(arg) || arg.length === 0) throw new CommandError(2, `${name} must be a nonempty array`);
  return arg.map((branch) => {
    if (isDoc(branch)) return branch;
    throw new CommandError(2, `${name} argument's entries must be objects`);
  });
}

function fieldClause(path: readonly string[], arg: Value): Predicate {
  if (!isOperators(arg)) return some(path, equals(arg));
  const parts = [...arg].map(([operator, operand]) => operatorClause(path, operator, operand));
  return (doc) => parts.every((part) => part(doc));
}

const some =
  (path: readonly string[], test: Test): Predicate =>
  (doc) =>
    reach(doc, path, 'both').some(test);

function operatorClause(path: readonly string[], operator: string, operand: Value): Predicate {
  switch (operator) {
    case '$eq':
      return some(path, equals(operand));
    case '$ne':
      return not(some(path, equals(operand)));
    case '$in':
      return some(path, anyOf('$in', operand));
    case '$nin':
      return not(some(path, anyOf('$nin', operand)));
    case '$gt':
      return some(
        path,
        ordered(operand, false, (order) => order > 0),
      );
    case '$gte':
      return some(
        path,
        ordered(operand, true, (order) => order >= 0),
      );
    case '$lt':
      return some(
        path,
        ordered(operand, false, (order) => order < 0),
      );
    case '$lte':
      return some(
        path,
        ordered(operand, true, (order) => order <= 0),
      );
    case '$exists': {
      const exists: Predicate = (doc) => reach(doc, path, 'whole').some((value) => value !== undefined);
      return truthy(operand) ? exists : not(exists);
    }
    case '$type':
      return some(path, typeTest(operand));
    case '$not':
      if (operand instanceof BSONRegExp) throw notSupported('a regular expression in a filter');
      if (!isOperators(operand)) throw new CommandError(2, '$not needs a regex or a document');
      return not(fieldClause(path, operand));
    default:
      if (REFUSED.has(operator)) throw notSupported(`the query operator ${operator}`);
      throw new CommandError(2, `unknown operator: ${operator}`);
  }
}

const not =
  (predicate: Predicate): Predicate =>
  (doc) =>
    !predicate(doc);
