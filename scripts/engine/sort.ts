import { compare } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { toNumber } from './numbers.ts';
import { indexKeys } from './paths.ts';
import { type Doc, type Found, isNumeric, type Value } from './values.ts';

interface SortField {
  readonly path: readonly string[];
  readonly direction: 1 | -1;
}

/**
 * Sorts documents into a new array; equal ones keep their order. An array stands for its smallest element, or its largest when
 * descending (MongoDB manual, "cursor.sort").
 * @throws {CommandError} 15975 for a direction other than 1 and -1, 2 for parallel arrays, 238 for `$meta`
 */
export function sortDocs(docs: readonly Doc[], spec: Doc): Doc[] {
  const sortFields = [...spec].map(([name, direction]) => sortField(name, direction));
  const keyed = docs.map((doc) => ({ doc, keys: sortKeys(doc, sortFields) }));
  keyed.sort((a, b) => compareKeys(a.keys, b.keys, sortFields));
  return keyed.map(({ doc }) => doc);
}

function sortField(name: string, direction: Value): SortField {
  if (!isNumeric(direction)) throw notSupported(`a sort by an expression (field '${name}')`);
  const number = toNumber(direction);
  if (number !== 1 && number !== -1) {
    throw new CommandError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  }
  return { path: name.split('.'), direction: number };
}

function sortKeys(doc: Doc, sortFields: readonly SortField[]): Found[] {
  const keys = sortFields.map(({ path }) => indexKeys(doc, path));
  const severalAt = sortFields.filter((_, index) => keys[index]?.several);
  if (severalAt.length > 1) {
    // Two fields of one array must be sorted as pairs; two different arrays mongod refuses as well.
    const oneArray = severalAt.every(({ path }) => path[0] === severalAt[0]?.path[0]);
    if (oneArray) throw notSupported('a sort by several fields of one array');
    throw new CommandError(2, 'cannot sort with keys that are parallel arrays');
  }
  return keys.map(({ values }, index) => extreme(values, sortFields[index]?.direction ?? 1));
}

const extreme = (values: readonly Found[], direction: 1 | -1): Found =>
  values.reduce((best, value) => (compare(value, best) * direction < 0 ? value : best), values[0]);

function compareKeys(a: readonly Found[], b: readonly Found[], sortFields: readonly SortField[]): number {
  for (const [index, { direction }] of sortFields.entries()) {
    const order = compare(a[index], b[index]) * direction;
    if (order !== 0) return order;
  }
  return 0;
}
