import {
  Binary,
  BSONRegExp,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';

export type Numeric = Double | Int32 | Long | Decimal128;

/**
 * A document in the engine. A Map keeps the order of the keys (a plain object would move "1" before
 * "a") and has no such prototype, so `__proto__` is a name like any other. Read-only, because stored documents
 * are never changed: a write replaces them.
 */
export type Doc = ReadonlyMap<string, Value>;

/** A BSON value without loss of type: numbers stay in bson's wrappers, so an Int32 never becomes a Double. */
export type Value =
  | null
  | boolean
  | string
  | Date
  | Numeric
  | ObjectId
  | Binary
  | BSONRegExp
  | Timestamp
  | MinKey
  | MaxKey
  | Doc
  | readonly Value[];

/** The value at a path; undefined when it is missing. */
export type Found = Value | undefined;

export const isDoc = (value: Found): value is Doc => value instanceof Map;
export const isArray = (value: Found): value is readonly Value[] => Array.isArray(value);

export function isNumeric(value: Found): value is Numeric {
  // bson's Timestamp extends its Long.
  if (value instanceof Timestamp) return false;
  return (
    value instanceof Int32 || value instanceof Double || value instanceof Long || value instanceof Decimal128
  );
}

/** The position in an array that a path component names, or undefined: "0" and "12", not "-1" or "01". */
export function arrayIndex(component: string): number | undefined {
  // Most components are names, and their first letter shows that faster.
  const first = component.charCodeAt(0);
  if (!(first >= 48 && first <= 57)) return undefined;
  return /^(0|[1-9]\d*)$/.test(component) ? Number(component) : undefined;
}

/** A type's alias (MongoDB manual, "BSON Types"), for `$type` and error messages. */
export function aliasOf(value: Found): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (isDoc(value)) return 'object';
  if (isArray(value)) return 'array';
  return ALIASES.find(([type]) => value instanceof type)?.[1] ?? 'maxKey';
}

/** Timestamp comes before Long, which it extends. */
const ALIASES: readonly (readonly [new (...args: never[]) => object, string])[] = [
  [Date, 'date'],
  [ObjectId, 'objectId'],
  [Int32, 'int'],
  [Timestamp, 'timestamp'],
  [Long, 'long'],
  [Double, 'double'],
  [Decimal128, 'decimal'],
  [Binary, 'binData'],
  [BSONRegExp, 'regex'],
  [MinKey, 'minKey'],
];

/** A value as mongod writes it in its messages: `{ _id: "abc", n: 1 }`. */
export function show(value: Found): string {
  if (value === undefined) return 'missing';
  if (isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(show).join(', ')} ]`;
  if (isDoc(value)) {
    const fields = [...value].map(([name, field]) => `${name}: ${show(field)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  if (typeof value === 'string') return `"${value}"`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Double && Number.isInteger(value.value)) return value.value.toFixed(1);
  if (value instanceof Binary) return `BinData(${value.sub_type}, ${value.toString('hex').toUpperCase()})`;
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof Timestamp) return `Timestamp(${value.t}, ${value.i})`;
  if (value instanceof MinKey) return 'MinKey';
  if (value instanceof MaxKey) return 'MaxKey';
  return String(value);
}
