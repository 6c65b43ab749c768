import { Double, Int32, Long, ObjectId } from 'mongodb';

// A second, simple implementation of a part of MongoDB's query language, from its manual: whole documents, no compiling, no speed.

export type Plain = null | boolean | string | Int32 | Long | Double | Date | ObjectId | Plain[] | PlainDoc;
export interface PlainDoc {
  [name: string]: Plain;
}
export type Operator = '$eq' | '$ne' | '$gt' | '$lt' | '$in';
/** One path under one operator. */
export interface Condition {
  path: string;
  operator: Operator;
  operand: Plain;
}
export interface Change {
  path: string;
  operator: '$set' | '$inc' | '$unset';
  operand: Plain;
}

export const isPlainDoc = (value: Plain | undefined): value is PlainDoc =>
  Object.getPrototypeOf(value ?? 0) === Object.prototype;

/** "Comparison/Sort Order": the kinds of values, smallest first; undefined is for an empty array. */
function kind(value: Plain | undefined): number {
  const is = [
    value === undefined,
    value === null,
    value instanceof Int32 || value instanceof Long || value instanceof Double,
    typeof value === 'string',
    isPlainDoc(value),
    Array.isArray(value),
    value instanceof ObjectId,
    typeof value === 'boolean',
    value instanceof Date,
  ];
  return is.indexOf(true);
}

/** The parts by which a value is compared with one of its own kind: the first difference decides. */
function parts(value: Plain | undefined): (number | bigint | Plain)[] {
  if (value instanceof Long) return [value.toBigInt()];
  if (value instanceof Int32 || value instanceof Double) return [value.value];
  if (typeof value === 'string') return Array.from(value, (letter) => letter.codePointAt(0) as number);
  if (value instanceof ObjectId) return [BigInt(`0x${value.toHexString()}`)];
  if (value instanceof Date || typeof value === 'boolean') return [Number(value)];
  if (Array.isArray(value)) return value;
  // A field is its value's kind, its name, its value.
  if (isPlainDoc(value)) return Object.entries(value).flatMap(([name, field]) => [kind(field), name, field]);
  return [];
}

export function order(a: Plain | undefined, b: Plain | undefined): number {
  if (kind(a) !== kind(b)) return kind(a) - kind(b);
  const [left, right] = [parts(a), parts(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    const bothNumbers = /number|bigint/.test(typeof part) && /number|bigint/.test(typeof other);
    const difference = bothNumbers
      ? Number((part as number) > (other as number)) - Number((part as number) < (other as number))
      : order(part as Plain, other as Plain);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** The values at a path: arrays on the way are entered, and one at the end counts as itself and its elements. undefined: no value. */
function valuesAt(value: Plain | undefined, path: readonly string[]): (Plain | undefined)[] {
  const [name, ...rest] = path;
  if (name === undefined) return Array.isArray(value) ? [value, ...value] : [value];
  if (Array.isArray(value)) return value.filter(isPlainDoc).flatMap((element) => valuesAt(element, path));
  return isPlainDoc(value) ? valuesAt(value[name], rest) : [undefined];
}

export function satisfies(doc: PlainDoc, { path, operator, operand }: Condition): boolean {
  const values = valuesAt(doc, path.split('.'));
  const has = (wanted: Plain) => values.some((value) => order(value ?? null, wanted) === 0);
  if (operator === '$eq') return has(operand);
  if (operator === '$ne') return !has(operand);
  if (operator === '$in') return (operand as Plain[]).some(has);
  const sameKind = values.filter((value) => value !== undefined && kind(value) === kind(operand));
  return sameKind.some((value) =>
    operator === '$gt' ? order(value, operand) > 0 : order(value, operand) < 0,
  );
}

/** The sort key of a document: the smallest or largest value at the path, where each element of an array counts. */
export function sortKey(doc: PlainDoc, path: string, direction: 1 | -1): Plain | undefined {
  const keys = sortKeys(doc, path.split('.'));
  return keys.reduce((best, key) => (order(key, best) * direction < 0 ? key : best), keys[0]);
}

function sortKeys(value: Plain | undefined, path: readonly string[]): (Plain | undefined)[] {
  const [name, ...rest] = path;
  if (Array.isArray(value)) {
    if (name === undefined) return value.length ? value : [undefined];
    return value.length
      ? value.flatMap((element) => (isPlainDoc(element) ? sortKeys(element, path) : [null]))
      : [null];
  }
  if (name === undefined) return [value ?? null];
  return isPlainDoc(value) ? sortKeys(value[name], rest) : [null];
}

/** The document after the change, or the code of the error. */
export function changed(doc: PlainDoc, { path, operator, operand }: Change): PlainDoc | number {
  const names = path.split('.');
  const last = names.pop() as string;
  const copy = structured(doc);
  let parent: Plain = copy;
  for (const name of names) {
    if (!isPlainDoc(parent)) return operator === '$unset' ? doc : 28;
    if (!Object.hasOwn(parent, name)) {
      if (operator === '$unset') return doc;
      parent[name] = {};
    }
    parent = parent[name] as Plain;
  }
  if (!isPlainDoc(parent)) return operator === '$unset' ? doc : 28;
  if (operator === '$unset') delete parent[last];
  else if (operator === '$set' || parent[last] === undefined) parent[last] = operand;
  else {
    const sum = added(parent[last], operand);
    if (sum === undefined) return 14;
    // A sum that equals the old value, with its type, changes nothing: -0.0 plus 0 stays -0.0 (mongod's SafeNum::isIdentical).
    const isSameType = Object.getPrototypeOf(sum) === Object.getPrototypeOf(parent[last]);
    if (isSameType && order(sum, parent[last]) === 0) return doc;
    parent[last] = sum;
  }
  return copy;
}

/** Copies documents only: a change alters them, and replaces all other values. */
function structured(doc: PlainDoc): PlainDoc {
  const fields = Object.entries(doc).map(([name, value]) => [
    name,
    isPlainDoc(value) ? structured(value) : value,
  ]);
  return Object.fromEntries(fields);
}

/** `$inc`: a double makes doubles, a long makes longs, and an int too large becomes one. */
function added(a: Plain | undefined, b: Plain): Plain | undefined {
  const numbers = [a, b].map((one) =>
    one instanceof Long || one instanceof Int32 || one instanceof Double ? one : null,
  );
  const [x, y] = numbers;
  if (!x || !y) return undefined;
  if (x instanceof Double || y instanceof Double)
    // Not through text, in which -0.0 becomes 0.
    return new Double(Number(x.valueOf()) + Number(y.valueOf()));
  const sum = BigInt(x.toString()) + BigInt(y.toString());
  const fits = sum === BigInt.asIntN(32, sum);
  return x instanceof Int32 && y instanceof Int32 && fits ? new Int32(Number(sum)) : Long.fromBigInt(sum);
}
