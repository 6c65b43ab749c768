import { CommandError } from './errors.ts';
import { arrayIndex, type Doc, type Found, isArray, isDoc, type Value } from './values.ts';

/** How an array at the end of a path counts: its elements and itself, only its elements, or only itself. */
export type AtArray = 'both' | 'elements' | 'whole';

/**
 * Every value that a query's dotted path reaches in a document; undefined for a missing one. Arrays on the way
 * are entered element by element, and by position when the path names one, as in mongod (MongoDB source, BSONElementIterator):
 * elements that are not documents contribute nothing, so `{ a: [1] }` does not match `{ 'a.b': null }`.
 */
export function reach(doc: Doc, path: readonly string[], atArray: AtArray): Found[] {
  let value: Found = doc;
  let at = 0;
  for (; at < path.length && isDoc(value); at++) value = value.get(path[at] as string);
  if (!isArray(value)) return [at === path.length ? value : undefined];
  if (at < path.length) return reachThrough(value, path.slice(at), atArray);
  if (atArray === 'whole') return [value];
  return atArray === 'both' ? [...value, value] : [...value];
}

function reachThrough(array: readonly Value[], path: readonly string[], atArray: AtArray): Found[] {
  const position = arrayIndex(path[0] as string);
  return array.flatMap((element, index) => {
    const inside = isDoc(element) ? reach(element, path, atArray) : [];
    if (index !== position) return inside;
    // A path that ends at a position means that element unchanged, even when it is an array.
    if (path.length === 1) return [...inside, element];
    if (isArray(element)) return reachThrough(element, path.slice(1), atArray);
    return isDoc(element) ? [...inside, ...reach(element, path.slice(1), atArray)] : inside;
  });
}

/** The value that a part of a path names: a document's field, or an array's element by its position. */
export function childOf(value: Found, part: string): Found {
  if (isDoc(value)) return value.get(part);
  return isArray(value) ? value[arrayIndex(part) ?? -1] : undefined;
}

/** An array as a document whose fields are its positions. */
export const byPosition = (array: readonly Value[]): Doc => new Map(array.map((v, i) => [String(i), v]));

/** The values an index or a sort sees at a path, and whether they come from an array. */
export interface Keys {
  readonly values: readonly Found[];
  readonly several: boolean;
}

/**
 * An index's view of a path: missing is null, an array counts as its elements, an empty one as undefined
 * (MongoDB source, BtreeKeyGenerator).
 * @throws {CommandError} 16746 when a number in the path may be a position or a field
 */
export function indexKeys(value: Found, path: readonly string[]): Keys {
  const [first, ...rest] = path;
  if (first === undefined) {
    if (!isArray(value)) return { values: [value ?? null], several: false };
    return { values: value.length === 0 ? [undefined] : value, several: true };
  }
  if (isDoc(value)) return indexKeys(value.get(first), rest);
  if (!isArray(value)) return { values: [null], several: false };
  const position = arrayIndex(first);
  if (position !== undefined && value.some((element) => isDoc(element) && element.has(first))) {
    throw new CommandError(16746, `Ambiguous field name found in array: field: '${first}'`);
  }
  const named = position === undefined ? undefined : value[position];
  // A path that ends at a position means that element unchanged, even when it is an array.
  if (isArray(named) && rest.length === 0 && named.length > 0) return { values: [named], several: false };
  if (named !== undefined) return indexKeys(named, rest);
  const values = value.flatMap((element) => (isDoc(element) ? indexKeys(element, path).values : [null]));
  return { values: values.length === 0 ? [null] : values, several: true };
}
