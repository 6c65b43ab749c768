import { Long } from 'bson';
import { CommandError } from './errors.ts';
import { fieldPath } from './field-path.ts';
import type { Items } from './item.ts';
import { setIn } from './set-in.ts';
import { spread } from './streams.ts';
import { aliasOf, type Doc, type Found, isArray, isDoc, type Value } from './values.ts';

/** Compiles `$unwind` (MongoDB manual): a document for each element of an array, or none where there is nothing to unwind. */
export function compileUnwind(spec: Value): (items: Items) => Items {
  const { path, index, preserve } = read(spec);
  return (items) => spread(items, (doc) => unwind(doc, path, index, preserve));
}

function* unwind(
  doc: Doc,
  path: readonly string[],
  index: readonly string[] | undefined,
  preserve: boolean,
): Generator<Doc> {
  const counted = (made: Doc, at: Value) => (index === undefined ? made : setIn(made, index, () => at));
  const value = path.reduce<Found>((below, part) => (isDoc(below) ? below.get(part) : undefined), doc);
  if (isArray(value) && value.length > 0) {
    for (const [at, element] of value.entries()) {
      const made = setIn(doc, path, () => element);
      yield counted(made, Long.fromNumber(at));
    }
    return;
  }
  // A value that is no array counts as an array of one, a missing one as an empty array.
  const empty = value === undefined || value === null || isArray(value);
  if (!empty || preserve) yield counted(isArray(value) ? setIn(doc, path, () => undefined) : doc, null);
}

function read(spec: Value): { path: string[]; index: string[] | undefined; preserve: boolean } {
  if (typeof spec === 'string') return { path: pathOf(spec), index: undefined, preserve: false };
  if (!isDoc(spec)) {
    throw new CommandError(
      15981,
      `expected either a string or an object as specification for $unwind stage, got ${aliasOf(spec)}`,
    );
  }
  const unknown = [...spec.keys()].find(
    (name) => !['path', 'includeArrayIndex', 'preserveNullAndEmptyArrays'].includes(name),
  );
  if (unknown !== undefined)
    throw new CommandError(28811, `unrecognized option to $unwind stage: ${unknown}`);
  const preserve = spec.get('preserveNullAndEmptyArrays') ?? false;
  if (typeof preserve !== 'boolean') {
    throw new CommandError(
      28809,
      `expected a boolean for the preserveNullAndEmptyArrays option to $unwind stage, got ${aliasOf(preserve)}`,
    );
  }
  return { path: pathOf(spec.get('path')), index: indexOf(spec.get('includeArrayIndex')), preserve };
}

function pathOf(path: Found): string[] {
  if (path === undefined) throw new CommandError(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string')
    throw new CommandError(28808, `expected a string as the path for $unwind stage, got ${aliasOf(path)}`);
  if (!path.startsWith('$'))
    throw new CommandError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  return fieldPath(path.slice(1));
}

function indexOf(index: Found): string[] | undefined {
  if (index === undefined) return undefined;
  if (typeof index !== 'string' || index === '') {
    throw new CommandError(
      28810,
      'expected a non-empty string for the includeArrayIndex option to $unwind stage',
    );
  }
  if (!index.startsWith('$')) return fieldPath(index);
  throw new CommandError(
    28822,
    `includeArrayIndex option to $unwind stage should not be prefixed with a '$': ${index}`,
  );
}
