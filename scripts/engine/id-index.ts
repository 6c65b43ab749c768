import { Int32 } from 'bson';
import { flagArg } from './args.ts';
import { compare } from './compare.ts';
import { CommandError } from './errors.ts';
import type { IndexSpec } from './indexes.ts';
import { toNumber } from './numbers.ts';
import { type Doc, type Found, isDoc, isNumeric, show } from './values.ts';

export const ID_INDEX: IndexSpec = {
  name: '_id_',
  key: new Map([['_id', new Int32(1)]]),
  unique: true,
  expireAfterSeconds: undefined,
};

export const isIdKey = (key: Found): key is Doc => {
  const direction = isDoc(key) && key.size === 1 ? key.get('_id') : undefined;
  return isNumeric(direction) && [1, -1].includes(Math.trunc(toNumber(direction)));
};

/** The index on `_id` always exists, with a fixed name. @throws {CommandError} 2 for the other direction, 67 and 197 for options */
export function checkIdIndex(spec: Doc): IndexSpec {
  const key = spec.get('key') as Doc;
  if (spec.has('partialFilterExpression') || flagArg(spec, 'createIndexes.indexes', 'sparse')) {
    const kind = spec.has('partialFilterExpression') ? 'a partial index' : 'sparse';
    throw new CommandError(67, `_id index cannot be ${kind}`);
  }
  const option = [...spec.keys()].find((name) => !['v', 'key', 'name', 'ns'].includes(name));
  if (option !== undefined)
    throw new CommandError(
      197,
      `The field '${option}' is not valid for an _id index specification. Specification: ${show(spec)}`,
    );
  if (compare(key, ID_INDEX.key) === 0) return ID_INDEX;
  throw new CommandError(2, `The field 'key' for an _id index must be {_id: 1}, but got ${show(key)}`);
}
