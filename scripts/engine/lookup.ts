import { BSONRegExp } from 'bson';
import { CommandError, notSupported } from './errors.ts';
import { fieldPath } from './field-path.ts';
import { type Held, Item, type Items } from './item.ts';
import { reach } from './paths.ts';
import { setIn } from './set-in.ts';
import { aliasOf, type Doc, type Found, isDoc, type Value } from './values.ts';

/** The documents of another collection of the same database that a filter matches. */
export type Elsewhere = (collection: string, filter: Doc) => Items;

/**
 * Compiles `$lookup` by the equality of two fields (MongoDB manual): for each document an array of the matches in another collection.
 * @throws {CommandError} 9 for missing fields, or fields that are no texts, 238 for the forms with a pipeline or another database
 */
export function compileLookup(spec: Value, elsewhere: Elsewhere): (items: Items, held: Held) => Items {
  if (!isDoc(spec))
    throw new CommandError(
      9,
      `the $lookup stage specification must be an object, but found ${aliasOf(spec)}`,
    );
  const refused = ['pipeline', 'let'].find((name) => spec.has(name));
  if (refused !== undefined || isDoc(spec.get('from'))) throw notSupported('$lookup with a pipeline');
  for (const name of spec.keys())
    if (!NAMES.includes(name)) throw new CommandError(9, `unknown argument to $lookup: ${name}`);
  const [from, local, foreign, as] = NAMES.map((name) => text(spec, name)) as [
    string,
    string,
    string,
    string,
  ];
  return (items) => joined(items, { from, local: fieldPath(local), foreign, as: fieldPath(as) }, elsewhere);
}

const NAMES = ['from', 'localField', 'foreignField', 'as'];

function text(spec: Doc, name: string): string {
  const value = spec.get(name);
  if (value === undefined) {
    throw new CommandError(
      9,
      name.endsWith('Field')
        ? "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified"
        : `must specify '${name}' field for a $lookup`,
    );
  }
  if (typeof value === 'string') return value;
  throw new CommandError(9, `$lookup argument '${name}' must be a string, is type ${aliasOf(value)}`);
}

interface Join {
  readonly from: string;
  readonly local: readonly string[];
  readonly foreign: string;
  readonly as: readonly string[];
}

function* joined(items: Items, { from, local, foreign, as }: Join, elsewhere: Elsewhere): Items {
  for (const item of items) {
    yield;
    if (item === undefined) continue;
    const values = reach(item.doc, local, 'elements').map((value: Found) => value ?? null);
    if (values.some((value) => value instanceof BSONRegExp))
      throw notSupported('$lookup by a regular expression');
    const found: Doc[] = [];
    // An equality with one value finds an _id without a scan.
    const condition = new Map<string, Value>(
      values.length === 1 ? [['$eq', values[0] as Value]] : [['$in', values]],
    );
    for (const other of elsewhere(from, new Map([[foreign, condition]]))) {
      if (other !== undefined) found.push(other.doc);
      yield;
    }
    yield Item.made(setIn(item.doc, as, () => found));
  }
}
