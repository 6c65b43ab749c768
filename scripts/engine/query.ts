import { CommandError, notSupported } from './errors.ts';
import { compileExpression } from './expressions.ts';
import { REFERENCE } from './field-path.ts';
import { reach } from './paths.ts';
import { every, type Look, type Matcher, not, operatorsOn, REFUSED } from './query-operators.ts';
import { isOperators, means, truthy } from './value-tests.ts';
import { type Doc, isArray, isDoc, type Value } from './values.ts';

/** Whether a filter matches a document. Only `$expr` can throw, as mongod does when an expression fails. */
export type Predicate = Matcher<Doc>;

/**
 * Compiles a filter (MongoDB manual, "Query Predicates").
 * @throws {CommandError} 2 for a filter that mongod refuses, 238 for one that only the engine refuses
 */
export const compileFilter = (filter: Doc): Predicate => compileClauses(filter, false);

/** The same for a document inside another one: there `$ref`, `$id` and `$db` are the fields of a reference. */
export const compileInnerFilter = (filter: Doc): Predicate => compileClauses(filter, true);

function compileClauses(filter: Doc, inner: boolean): Predicate {
  const clauses = [...filter].filter(([name]) => name !== '$comment');
  return every(clauses.map(([name, arg]) => clause(name, arg, inner)));
}

function clause(name: string, arg: Value, inner: boolean): Predicate {
  if (!name.startsWith('$') || (inner && REFERENCE.includes(name))) return fieldClause(name.split('.'), arg);
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
  const branches = branchesOf(name, arg).map((branch) => compileClauses(branch, inner));
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

/** The condition of a filter on one field: operators, or a value. */
function fieldClause(path: readonly string[], arg: Value): Predicate {
  const look: Look<Doc> =
    (test, atArray = 'both') =>
    (doc) =>
      reach(doc, path, atArray).some(test);
  return isOperators(arg) ? operatorsOn(look, arg, compileInnerFilter) : look(means(arg));
}
