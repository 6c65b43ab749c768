import { Int32 } from 'bson';
import { CommandError, notSupported } from '../errors.ts';
import { isNamed } from '../existing-index.ts';
import { toNumber } from '../numbers.ts';
import { compileSort, type Sort } from '../sort.ts';
import { type Doc, type Found, isDoc, type Numeric, type Value } from '../values.ts';
import { type Call, collectionName, NO_FILTER, namespaceOf } from './call.ts';

const UNSORTED = compileSort(NO_FILTER);

/**
 * The order of documents when a client names an index: first that of the index, as in mongod, then that of a sort. Nothing else
 * depends on an index here.
 * @throws {CommandError} 2 for an index that is not there, 9 for a hint that is no index, 238 for an index that leaves documents out
 */
export function orderOf(call: Call, hint: Found, sort: Sort = UNSORTED): Sort {
  const first = hintedOrder(call, hint);
  if (first === UNSORTED || sort.natural !== undefined) return sort;
  return { natural: first.natural, apply: (items, held) => sort.apply(first.apply(items, held), held) };
}

function hintedOrder(call: Call, hint: Found): Sort {
  if (hint === undefined || (isDoc(hint) && hint.size === 0)) return UNSORTED;
  if (typeof hint !== 'string' && !isDoc(hint))
    throw new CommandError(9, 'Hint must be a string or an object');
  if (isDoc(hint) && hint.has('$natural')) return compileSort(hint);
  const collection = call.store.collection(call.database, collectionName(call));
  if (collection === undefined) return UNSORTED;
  const [index] = collection.indexes.specs.filter((one) => !one.hidden && isNamed(one, hint));
  // mongod then returns only the documents in the index.
  if (index?.sparse || index?.partialFilter)
    throw notSupported('a hint that names a sparse or partial index');
  if (index !== undefined) return compileSort(directionsOf(index.key));
  throw new CommandError(
    2,
    `error processing query: ns=${namespaceOf(call)}: planner returned error :: caused by :: hint provided does not correspond to an existing index`,
  );
}

/** A key with every direction as 1 or -1. */
const directionsOf = (key: Doc): Doc =>
  new Map([...key].map(([name, direction]): [string, Value] => [name, signOf(direction as Numeric)]));

const signOf = (direction: Numeric) => new Int32(Math.sign(toNumber(direction)));
