import { BSONRegExp } from 'bson';
import { isOperators } from './value-tests.ts';
import { type Doc, type Found, isArray, type Value } from './values.ts';

/** The values of `_id` that a filter can match, when it names them: they are found without a scan. */
export function idsIn(filter: Doc): readonly Value[] | undefined {
  const asked = filter.get('_id');
  const one = isOperators(asked) ? asked.get('$eq') : asked;
  const ids: Found = isOperators(asked) && one === undefined ? asked.get('$in') : [one ?? null];
  return isArray(ids) && ids.every(isOne) ? ids : undefined;
}

/** Whether a condition is a value, or one operator. */
export const saysNoMore = (asked: Found): boolean => !isOperators(asked) || asked.size === 1;

/** Whether a value matches only an equal _id. An array or null may match otherwise, a regular expression many. */
const isOne = (id: Value): boolean =>
  id !== null && !isArray(id) && !isOperators(id) && !(id instanceof BSONRegExp);
