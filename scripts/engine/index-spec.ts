import { type Document, Int32 } from 'bson';
import { countArg, docArg, flagArg, textArg } from './args.ts';
import { compare } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import type { IndexSpec } from './indexes.ts';
import { toNumber } from './numbers.ts';
import { checkPartialFilter } from './partial-filter.ts';
import { aliasOf, type Doc, type Found, isDoc, isNumeric, show, type Value } from './values.ts';

export const ID_INDEX: IndexSpec = {
  name: '_id_',
  key: new Map([['_id', new Int32(1)]]),
  unique: true,
  expireAfterSeconds: undefined,
};

const REFUSED = (
  'collation weights default_language language_override textIndexVersion ' +
  '2dsphereIndexVersion bits min max wildcardProjection storageEngine prepareUnique ' +
  'clustered'
).split(' ');
const KNOWN = [
  ...['v', 'key', 'name', 'unique', 'sparse', 'hidden', 'partialFilterExpression'],
  ...['expireAfterSeconds', 'background', 'ns'],
];
/** The longest time to live, in seconds (MongoDB manual, "expireAfterSeconds"). */
const MAX_TTL = 2 ** 31 - 1;

/**
 * Reads one specification of createIndexes.
 * @throws {CommandError} 67 for a key no index can have, 197 for an unknown option, 238 for mongod's options that the engine lacks
 */
export function parseIndexSpec(spec: Doc): IndexSpec {
  for (const option of spec.keys()) {
    if (REFUSED.includes(option)) throw notSupported(`the index option '${option}'`);
    if (KNOWN.includes(option)) continue;
    throw new CommandError(
      197,
      `The field '${option}' is not valid for an index specification. Specification: ${show(spec)}`,
    );
  }
  const key = docArg(spec, 'createIndexes.indexes', 'key') ?? new Map();
  if (key.size === 0) throw new CommandError(67, 'Index keys cannot be an empty object');
  for (const [name, direction] of key) checkKeyField(name, direction);
  const seconds = spec.get('expireAfterSeconds');
  const sparse = flagArg(spec, 'createIndexes.indexes', 'sparse');
  return {
    name: textArg(spec, 'createIndexes.indexes', 'name'),
    key,
    unique: flagArg(spec, 'createIndexes.indexes', 'unique'),
    expireAfterSeconds: seconds === undefined ? undefined : ttlOf(key, seconds, 67),
    sparse,
    hidden: flagArg(spec, 'createIndexes.indexes', 'hidden'),
    partialFilter: partialFilterOf(spec, key, sparse),
  };
}

function partialFilterOf(spec: Doc, key: Doc, sparse: boolean): Doc | undefined {
  const filter = spec.get('partialFilterExpression');
  if (filter !== undefined && sparse)
    throw new CommandError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  if (filter !== undefined) checkPartialFilter(filter);
  if (key.size === 1 && key.has('_id') && (sparse || filter !== undefined))
    throw new CommandError(67, `_id index cannot be ${sparse ? 'sparse' : 'a partial index'}`);
  return filter;
}

function checkKeyField(name: string, direction: Value): void {
  if (name === '' || name.split('.').includes(''))
    throw new CommandError(67, 'Index keys cannot contain an empty field.');
  if (typeof direction === 'string' || name.includes('$'))
    throw notSupported(`an index on '${name}' of kind ${show(direction)}`);
  if (isNumeric(direction) && toNumber(direction) !== 0 && !Number.isNaN(toNumber(direction))) return;
  throw new CommandError(
    67,
    `Values in v:2 index key pattern cannot be of type ${aliasOf(direction)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
  );
}

/** The time to live that an index is given, in whole seconds. @throws {CommandError} `code` or 197 for an index or a time that cannot be one */
export function ttlOf(key: Doc, asked: Value, code: 67 | 72): number {
  const field = 'expireAfterSeconds';
  if (key.size > 1)
    throw new CommandError(
      code,
      'TTL indexes are single-field indexes, compound indexes do not support TTL.',
    );
  if (key.has('_id'))
    throw new CommandError(
      code === 67 ? 197 : code,
      `The field '${field}' is not valid for an _id index specification.`,
    );
  if (isNumeric(asked) && toNumber(asked) < 0)
    throw new CommandError(code, `TTL index '${field}' option cannot be less than 0`);
  if (isNumeric(asked) && toNumber(asked) > MAX_TTL) {
    throw new CommandError(
      code,
      `TTL index '${field}' option must be within an acceptable range, 0 to ${MAX_TTL}`,
    );
  }
  return countArg(new Map([[field, asked]]), 'createIndexes.indexes', field) as number;
}

/**
 * Whether the collection already has this index. (MongoDB source, IndexCatalogImpl; `unique`, `sparse` and the partial filter tell indexes apart, the time to live does not.)
 * @throws {CommandError} 86 when its name is another index's, 85 when only its name or its time to live differs
 */
export function alreadyThere(existing: readonly IndexSpec[], spec: IndexSpec): boolean {
  const asked = `Requested index: ${show(describeDoc(spec))}`;
  const named = existing.find(({ name }) => name === spec.name);
  if (named !== undefined && !sameIdentity(named, spec)) {
    throw new CommandError(
      86,
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${asked}, existing index: ${show(describeDoc(named))}`,
    );
  }
  const same = existing.find((other) => sameIdentity(other, spec));
  if (same === undefined) return false;
  const kept = `existing index: ${show(describeDoc(same))}`;
  const sameTtl = same.expireAfterSeconds === spec.expireAfterSeconds;
  if (same.name === spec.name && sameTtl) return true;
  if (same.name === spec.name) {
    throw new CommandError(
      85,
      `An equivalent index already exists with the same name but different options. ${asked}, ${kept}`,
    );
  }
  if (sameTtl) throw new CommandError(85, `Index already exists with a different name: ${same.name}`);
  throw new CommandError(
    85,
    `An equivalent index already exists with a different name and options. ${asked}, ${kept}`,
  );
}

const sameIdentity = (a: IndexSpec, b: IndexSpec) =>
  compare(a.key, b.key) === 0 &&
  a.unique === b.unique &&
  (a.sparse ?? false) === (b.sparse ?? false) &&
  compare(a.partialFilter, b.partialFilter) === 0;

const describeDoc = (spec: IndexSpec): Doc => new Map(Object.entries(describeIndex(spec)));

/** Whether a command that says a name or a key means this index. */
export const isNamed = ({ name, key }: IndexSpec, asked: Found): boolean =>
  isDoc(asked) ? compare(key, asked) === 0 : name === asked;

/** An index as listIndexes shows it. */
export function describeIndex(spec: IndexSpec): Document {
  const { key, name, unique, sparse, hidden, partialFilter, expireAfterSeconds } = spec;
  return {
    v: 2,
    key,
    name,
    ...(unique && name !== ID_INDEX.name ? { unique } : {}),
    ...(sparse ? { sparse } : {}),
    ...(partialFilter === undefined ? {} : { partialFilterExpression: partialFilter }),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
    ...(hidden ? { hidden } : {}),
  };
}
