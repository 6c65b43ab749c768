import { CommandError, notSupported } from './errors.ts';
import { compileExpression } from './expressions.ts';
import { reach } from './paths.ts';
import { every, type Look, type Matcher, not, operatorsOn, REFUSED } from './query-operators.ts';
import { isOperators, means, truthy } from './value-tests.ts';
import { type Doc, isArray, isDoc, type Value } from './values.ts';

/** Says whether a filter matches a document. Only `$expr` can throw, as mongod does when an expression fails. */
export type Predicate = Matcher<Doc>;

/**
 * Compiles a filter (MongoDB manual, "Query Predicates").
 * @throws {CommandError} 2 for a filter mongod refuses, 238 for one only the engine refuses
 */
export function compileFilter(filter: Doc): Predicate {
  const parts = [...filter].filter(([name]) => name !== '$comment').map(([name, arg]) => clause(name, arg));
  return every(parts);
}

function clause(name: string, arg: Value): Predicate {
  if (!name.startsWith('$')) return fieldClause(name.split('.'), arg);
  if (REFUSED.has(name)) throw notSupported(`the query operator ${name}`);
  if (name === '$expr') {
    const evaluate = compileExpression(arg);
    return (doc) => truthy(evaluate(doc));
  }
  if (name !== '$and' && name !== '$or' && name !== '$nor') {
    throw new CommandError(
      2,
      `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
    );
  }
  const branches = branchesOf(name, arg).map(compileFilter);
  if (name === '$and') return every(branches);
  const any: Predicate = (doc) => branches.some((branch) => branch(doc));
  return name === '$or' ? any : not(any);
}

function branchesOf(name: string, arg: Value): readonly Doc[] {
  if (!isArray(arg) || arg.length === 0) throw new CommandError(2, `${name} must be a nonempty array`);
  return arg.map((branch) => {
    if (isDoc(branch)) return branch;
    throw new CommandError(2, `${name} argument's entries must be objects`);
  });
}

/** What a filter says of one field: operators, or the value it has. */
function fieldClause(path: readonly string[], arg: Value): Predicate {
  const look: Look<Doc> =
    (test, atArray = 'both') =>
    (doc) =>
      reach(doc, path, atArray).some(test);
  return isOperators(arg) ? operatorsOn(look, arg, compileFilter) : look(means(arg));
}
