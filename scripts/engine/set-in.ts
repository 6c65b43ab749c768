import { CommandError } from './errors.ts';
import { arrayIndex, type Doc, type Found, isArray, isDoc, show, type Value } from './values.ts';

/** How far beyond its end an array may be set, in elements (MongoDB source, kMaxPaddingAllowed). */
const MAX_PADDING = 1_500_000;

/**
 * A copy of the document with one path changed. `change` gets what is there, undefined for nothing, and returns what shall be there;
 * undefined removes it. Documents on the way are made as needed, and only where there is something to set.
 * @throws {CommandError} 28 when the path leads through what is neither document nor array
 */
export function setIn(doc: Doc, path: readonly string[], change: (old: Found) => Found): Doc {
  return withField(doc, path, change);
}

function below(value: Found, path: readonly string[], change: (old: Found) => Found, name: string): Found {
  if (path.length === 0) return change(value);
  if (isDoc(value)) return withField(value, path, change);
  if (isArray(value)) return withElement(value, path, change, name);
  const made = withField(new Map(), path, change);
  // Nothing was set, so a missing field stays missing and a scalar on the way of $unset is no mistake.
  if (made.size === 0) return value;
  if (value === undefined) return made;
  throw new CommandError(28, `Cannot create field '${path[0]}' in element {${name}: ${show(value)}}`);
}

function withField(doc: Doc, path: readonly string[], change: (old: Found) => Found): Doc {
  const [first = '', ...rest] = path;
  const old = doc.get(first);
  const value = below(old, rest, change, first);
  if (value === old) return doc;
  const next = new Map(doc);
  if (value === undefined) next.delete(first);
  else next.set(first, value);
  return next;
}

function withElement(
  array: readonly Value[],
  path: readonly string[],
  change: (old: Found) => Found,
  name: string,
): readonly Value[] {
  const [first = '', ...rest] = path;
  const index = arrayIndex(first);
  const old = index === undefined ? undefined : array[index];
  const value = below(old, rest, change, first);
  if (value === old) return array;
  if (index === undefined) {
    throw new CommandError(28, `Cannot create field '${first}' in element {${name}: ${show(array)}}`);
  }
  if (index - array.length > MAX_PADDING) {
    throw new CommandError(2, `can't backfill more than ${MAX_PADDING} elements of an array`);
  }
  const next = [...array];
  while (next.length < index) next.push(null);
  // An array keeps its length: what $unset takes out leaves null (MongoDB manual, "$unset").
  next[index] = value ?? null;
  return next;
}
