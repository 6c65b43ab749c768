import { BSONRegExp } from 'bson';
import { CommandError } from './errors.ts';
import { compileFilter } from './query.ts';
import { isOperators, truthy } from './value-tests.ts';
import { aliasOf, type Doc, isArray, isDoc, show, type Value } from './values.ts';

/** The operators of a partial index (MongoDB manual, "Partial Indexes"). */
const OPERATORS = ['$eq', '$in', '$gt', '$gte', '$lt', '$lte', '$type', '$exists'];

/** Checks a `partialFilterExpression`. @throws {CommandError} 67 for a filter that no partial index can have, or the error of find for it */
export function checkPartialFilter(filter: Value): asserts filter is Doc {
  if (!isDoc(filter)) {
    throw new CommandError(
      14,
      `BSON field 'createIndexes.indexes.partialFilterExpression' is the wrong type '${aliasOf(filter)}', expected type 'object'`,
    );
  }
  if (filter.has('$expr')) throw new CommandError(224, '$expr is not allowed in this context');
  compileFilter(filter);
  const wrong = unsupportedIn(filter);
  if (wrong !== undefined) throw new CommandError(67, `unsupported expression in partial index: ${wrong}`);
}

function unsupportedIn(filter: Doc): string | undefined {
  for (const [name, arg] of filter) {
    const branches = isArray(arg) && (name === '$and' || name === '$or') ? arg.filter(isDoc) : undefined;
    const wrong =
      branches === undefined
        ? name.startsWith('$') || !isSupported(arg)
        : branches.some((branch) => unsupportedIn(branch) !== undefined);
    if (wrong) return show(new Map([[name, arg]]));
  }
  return undefined;
}

function isSupported(condition: Value): boolean {
  if (!isOperators(condition)) return !(condition instanceof BSONRegExp);
  return [...condition].every(
    ([name, arg]) => OPERATORS.includes(name) && (name !== '$exists' || truthy(arg)),
  );
}
