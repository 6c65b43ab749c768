import { CommandError, notSupported } from '../errors.ts';
import { isNamed } from '../existing-index.ts';
import { naturalOrder } from '../sort.ts';
import { type Doc, type Found, isDoc } from '../values.ts';
import { type Call, collectionName, namespaceOf } from './call.ts';

/**
 * Checks which index a client wants used, and forgets it: no index here changes what is found. Returns 1 or -1 for `$natural`.
 * @throws {CommandError} 2 for an index that is not there, 9 for what names none, 238 for an index that leaves documents out
 */
export function checkHint(call: Call, hint: Found): 1 | -1 | undefined {
  if (hint === undefined || (isDoc(hint) && hint.size === 0)) return undefined;
  if (typeof hint !== 'string' && !isDoc(hint))
    throw new CommandError(9, 'Hint must be a string or an object');
  const collection = call.store.collection(call.database, collectionName(call));
  const natural = isDoc(hint) ? hint.get('$natural') : undefined;
  if (natural !== undefined) return naturalOrder(hint as Doc, natural);
  if (collection === undefined) return undefined;
  const [index] = collection.indexes.filter((one) => !one.hidden && isNamed(one, hint));
  // mongod answers with what is in the index alone.
  if (index?.sparse || index?.partialFilter)
    throw notSupported('a hint that names a sparse or partial index');
  if (index !== undefined) return undefined;
  throw new CommandError(
    2,
    `error processing query: ns=${namespaceOf(call)}: planner returned error :: caused by :: hint provided does not correspond to an existing index`,
  );
}
