import { countArg, flagArg, requiredDoc, textArg } from './args.ts';
import { CommandError, notSupported } from './errors.ts';
import { checkIdIndex, isIdKey } from './id-index.ts';
import type { IndexSpec } from './indexes.ts';
import { toNumber } from './numbers.ts';
import { checkPartialFilter } from './partial-filter.ts';
import { aliasOf, type Doc, isNumeric, show, type Value } from './values.ts';

const REFUSED = (
  'collation weights default_language language_override textIndexVersion ' +
  '2dsphereIndexVersion bits min max wildcardProjection storageEngine prepareUnique ' +
  'clustered'
).split(' ');
const KNOWN = [
  ...['v', 'key', 'name', 'unique', 'sparse', 'hidden', 'partialFilterExpression'],
  ...['expireAfterSeconds', 'background', 'ns'],
];
/** mongod's kinds of indexes that the engine lacks. */
const KINDS = ['2d', '2dsphere', 'hashed', 'text'];
/** The longest time to live, in seconds (MongoDB manual, "expireAfterSeconds"). */
const MAX_TTL = 2 ** 31 - 1;

/**
 * Reads one specification of createIndexes.
 * @throws {CommandError} 9 for a missing key or name, 67 for an invalid key or name, 197 for an unknown option, 238 for mongod's options that the engine lacks
 */
export function parseIndexSpec(spec: Doc): IndexSpec {
  for (const name of ['key', 'name']) {
    if (spec.has(name)) continue;
    throw new CommandError(
      9,
      `Error in specification ${show(spec)} :: caused by :: The '${name}' field is a required property of an index specification`,
    );
  }
  if (isIdKey(spec.get('key'))) return checkIdIndex(spec);
  for (const option of spec.keys()) {
    if (REFUSED.includes(option)) throw notSupported(`the index option '${option}'`);
    if (KNOWN.includes(option)) continue;
    throw new CommandError(
      197,
      `The field '${option}' is not valid for an index specification. Specification: ${show(spec)}`,
    );
  }
  const key = requiredDoc(spec, 'createIndexes.indexes', 'key');
  if (key.size === 0) throw new CommandError(67, 'Index keys cannot be an empty object');
  for (const [name, direction] of key) checkKeyField(name, direction);
  const seconds = spec.get('expireAfterSeconds');
  const sparse = flagIn(spec, 'sparse');
  return {
    name: nameIn(spec),
    key,
    unique: flagIn(spec, 'unique'),
    expireAfterSeconds: seconds === undefined ? undefined : ttlOf(key, seconds, 67),
    sparse,
    hidden: flagIn(spec, 'hidden'),
    partialFilter: partialFilterOf(spec, sparse),
  };
}

function nameIn(spec: Doc): string {
  const name = textArg(spec, 'createIndexes.indexes', 'name');
  if (name === '') throw new CommandError(67, 'index name cannot be empty');
  if (name === '*') throw new CommandError(2, "The index name '*' is not valid.");
  return name;
}

/** Unlike in a command, null is no flag here. */
function flagIn(spec: Doc, name: string): boolean {
  if (spec.get(name) !== null) return flagArg(spec, 'createIndexes.indexes', name);
  throw new CommandError(14, `The field '${name}' has value ${name}: null, which is not convertible to bool`);
}

function partialFilterOf(spec: Doc, sparse: boolean): Doc | undefined {
  const filter = spec.get('partialFilterExpression');
  if (filter !== undefined && sparse)
    throw new CommandError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  if (filter !== undefined) checkPartialFilter(filter);
  return filter;
}

function checkKeyField(name: string, direction: Value): void {
  if (name === '' || name.split('.').includes(''))
    throw new CommandError(67, 'Index keys cannot contain an empty field.');
  if (
    name.split('.').some((part) => part.startsWith('$') && !['$id', '$ref', '$db'].includes(part)) &&
    name !== '$**'
  ) {
    throw new CommandError(67, "Index key contains an illegal field name: field name starts with '$'.");
  }
  if (typeof direction === 'string' && !KINDS.includes(direction))
    throw new CommandError(67, `Unknown index plugin '${direction}'`);
  if (typeof direction === 'string' || name.includes('$'))
    throw notSupported(`an index on '${name}' of kind ${show(direction)}`);
  if (isNumeric(direction) && toNumber(direction) !== 0 && !Number.isNaN(toNumber(direction))) return;
  throw new CommandError(
    67,
    `Values in v:2 index key pattern cannot be of type ${aliasOf(direction)}. Only numbers > 0, numbers < 0, and strings are allowed.`,
  );
}

/** The time to live of an index, in whole seconds. @throws {CommandError} `code` or 197 for an index that cannot have one, or an invalid time */
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
  if (asked === null)
    throw new CommandError(
      code,
      `TTL index '${field}' option must be numeric, but received a type of 'null'`,
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
