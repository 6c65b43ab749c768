import { types } from 'node:util';

/** What an instance of a class becomes on the way to another process, which does not know the class. */
export interface OfClass {
  readonly $class: string;
  readonly text: string;
}

/** How deep a value is copied. Deeper parts become '…'. */
const DEPTH = 8;

/**
 * A copy of a value that can be sent to another process: Dates, Maps, Sets, Buffers and undefined stay the same, functions are left
 * out, an instance of any other class becomes `OfClass`.
 */
export function portable(value: unknown, depth = DEPTH): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (types.isDate(value)) return new Date(value.getTime());
  if (Buffer.isBuffer(value) || ArrayBuffer.isView(value)) return value;
  if (types.isMap(value)) return new Map([...value].map(([k, v]) => [portable(k), portable(v, depth - 1)]));
  if (types.isSet(value)) return new Set([...value].map((each) => portable(each, depth - 1)));
  if (Array.isArray(value)) return value.map((each) => portable(each, depth - 1));
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? 'Object';
  if (name !== 'Object' && name !== 'Session') return { $class: name, text: said(value) } satisfies OfClass;
  return plain(value, depth);
}

/** The own fields of an object, each portable. */
export function plain(value: object, depth = DEPTH): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => typeof field !== 'function')
      .map(([key, field]) => [key, portable(field, depth - 1)]),
  );
}

/** An error, or another thrown value, in words: `SqliteError SQLITE_BUSY: database is locked`. */
export function describeError(error: unknown): string {
  if (!(types.isNativeError(error) || error instanceof Error)) return said(error);
  const { name, code, message } = error as NodeJS.ErrnoException;
  const of = (error as AggregateError).errors?.[0];
  const words = message || (of ? describeError(of) : '(no message)');
  return `${name}${code === undefined ? '' : ` ${code}`}: ${words}`;
}

/** Where a programming error was thrown, as `, at file:line`: the first place outside Node. Otherwise empty. */
export function placeOf(error: unknown): string {
  const isMistake = error instanceof TypeError || error instanceof ReferenceError;
  const [, place] =
    /\(?((?:file:\/\/)?\/[^()\s]+|[A-Z]:\\[^()]+):\d+\)?$/m.exec(isMistake ? (error.stack ?? '') : '') ?? [];
  return place === undefined ? '' : `, at ${place.replace(/^file:\/\//, '')}`;
}

function said(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'a value without words';
  }
}
