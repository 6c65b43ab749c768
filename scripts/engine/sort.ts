import { compare } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { fieldPath } from './field-path.ts';
import { type Held, handOut, type Item, type Items } from './item.ts';
import { toNumber } from './numbers.ts';
import { indexKeys } from './paths.ts';
import { sortedInSteps } from './sorted-in-steps.ts';
import type { Steps } from './turns.ts';
import { type Doc, type Found, isDoc, isNumeric, show, type Value } from './values.ts';

interface SortField {
  readonly path: readonly string[];
  readonly direction: 1 | -1;
}

export interface Sort {
  /** The order of the collection itself, or backwards; undefined when documents are compared. */
  readonly natural: 1 | -1 | undefined;
  /** Sorts documents; equal ones keep their order. */
  readonly apply: (items: Items, held: Held) => Items;
}

/**
 * Compiles a sort. An array counts as its smallest element, or its largest when descending (MongoDB manual, "cursor.sort").
 * @throws {CommandError} 15974 and 15975 for a direction other than 1 and -1, 16410 for an invalid path, 2 for parallel arrays or `$natural` among others,
 * 238 for `$meta`
 */
export function compileSort(spec: Doc): Sort {
  const natural = spec.get('$natural');
  if (natural !== undefined) return { natural: naturalOrder(spec, natural), apply: (items) => items };
  const fields = [...spec].map(([name, direction]) => sortField(name, direction));
  return {
    natural: undefined,
    apply: (items, held) => (fields.length === 0 ? items : sorted(items, fields, held)),
  };
}

/** @throws {CommandError} 2 for a direction other than 1 and -1, and for other fields */
function naturalOrder(spec: Doc, direction: Value): 1 | -1 {
  const number = isNumeric(direction) ? toNumber(direction) : undefined;
  if (spec.size > 1) throw new CommandError(2, `Cannot include '$natural' in compound sort: ${show(spec)}`);
  if (number === 1 || number === -1) return number;
  throw new CommandError(2, `$natural sort cannot be set to a value other than -1 or 1.`);
}

function* sorted(items: Items, fields: readonly SortField[], held: Held): Items {
  yield* handOut(yield* inOrder(items, fields), held);
}

/** The keys are dropped after sorting: the cursor may live for long. */
function* inOrder(items: Items, fields: readonly SortField[]): Steps<Item[]> {
  const found: { item: Item; keys: Found[] }[] = [];
  for (const item of items) {
    yield;
    if (item === undefined) continue;
    const keys = sortKeys(item.doc, fields);
    // `kept` drops the decoded values.
    found.push({ item: item.kept, keys });
  }
  const sorted = yield* sortedInSteps(found, (a, b) => compareKeys(a.keys, b.keys, fields));
  const ordered: Item[] = [];
  for (const { item } of sorted) {
    ordered.push(item);
    yield;
  }
  return ordered;
}

function sortField(name: string, direction: Value): SortField {
  const path = fieldPath(name);
  if (isDoc(direction)) {
    if (direction.has('$meta')) throw notSupported(`a sort by an expression (field '${name}')`);
    throw new CommandError(17312, '$meta is the only expression supported by $sort right now');
  }
  if (!isNumeric(direction))
    throw new CommandError(15974, `Illegal key in $sort specification: ${name}: ${show(direction)}`);
  const number = toNumber(direction);
  if (number === 1 || number === -1) return { path, direction: number };
  throw new CommandError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
}

function sortKeys(doc: Doc, sortFields: readonly SortField[]): Found[] {
  const keys = sortFields.map(({ path }) => indexKeys(doc, path));
  const severalAt = sortFields.filter((_, index) => keys[index]?.several);
  if (severalAt.length > 1) {
    // Two fields of one array must be sorted as pairs; mongod refuses two different arrays as well.
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
