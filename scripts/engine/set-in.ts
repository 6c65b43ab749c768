import { CommandError } from './errors.ts';
import { arrayIndex, type Doc, type Found, isArray, isDoc, show, type Value } from './values.ts';

/** How far beyond its end an array may be set, in elements (MongoDB source, kMaxPaddingAllowed). */
const MAX_PADDING = 1_500_000;

type Change = (old: Found) => Found;

/** Documents and arrays that were made for one update: its other changes may change them again. */
type Own = Set<object>;

/**
 * A copy of the document with one path changed. `change` gets the old value, undefined without one, and returns the new one;
 * undefined removes it. Missing documents on the path are made only when there is a value to set.
 * @throws {CommandError} 28 when the path leads through what is neither document nor array
 */
export const setIn = (doc: Doc, path: readonly string[], change: Change): Doc =>
  withField(doc, path, change, new Set());

/** The same for several paths of which none contains another, with one copy of what they share. */
export function setAllIn(
  doc: Doc,
  changes: Iterable<{ readonly path: readonly string[]; readonly change: Change }>,
): Doc {
  const own: Own = new Set();
  let next = doc;
  for (const { path, change } of changes) next = withField(next, path, change, own);
  return next;
}

function below(value: Found, path: readonly string[], change: Change, name: string, own: Own): Found {
  if (path.length === 0) return change(value);
  if (isDoc(value)) return withField(value, path, change, own);
  if (isArray(value)) return withElement(value, path, change, name, own);
  const made = withField(new Map(), path, change, own);
  // Nothing was set, so a missing field stays missing, and a scalar on the path of $unset is no error.
  if (made.size === 0) return value;
  if (value === undefined) return made;
  throw new CommandError(28, `Cannot create field '${path[0]}' in element {${name}: ${show(value)}}`);
}

function withField(doc: Doc, path: readonly string[], change: Change, own: Own): Doc {
  const [first = '', ...rest] = path;
  const old = doc.get(first);
  const value = below(old, rest, change, first, own);
  if (value === old) return doc;
  const next = own.has(doc) ? (doc as Map<string, Value>) : new Map(doc);
  own.add(next);
  if (value === undefined) next.delete(first);
  else next.set(first, value);
  return next;
}

function withElement(
  array: readonly Value[],
  path: readonly string[],
  change: Change,
  name: string,
  own: Own,
): readonly Value[] {
  const [first = '', ...rest] = path;
  const index = arrayIndex(first);
  const old = index === undefined ? undefined : array[index];
  const value = below(old, rest, change, first, own);
  if (value === old) return array;
  if (index === undefined) {
    throw new CommandError(28, `Cannot create field '${first}' in element {${name}: ${show(array)}}`);
  }
  if (index - array.length > MAX_PADDING) {
    throw new CommandError(2, `can't backfill more than ${MAX_PADDING} elements of an array`);
  }
  const next = own.has(array) ? (array as Value[]) : [...array];
  own.add(next);
  while (next.length < index) next.push(null);
  // An array keeps its length: $unset leaves null (MongoDB manual, "$unset").
  next[index] = value ?? null;
  return next;
}
