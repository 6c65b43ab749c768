import { CommandError } from './errors.ts';
import { childOf } from './paths.ts';
import { compileFilter } from './query.ts';
import { type Doc, type Found, isArray, isDoc, show, type Value } from './values.ts';

/** `arrayFilters` by their identifiers. */
export type ArrayFilters = ReadonlyMap<string, (element: Value) => boolean>;

/** Decides which elements `$`, `$[]` and `$[id]` mean in one document. */
export interface Choice {
  readonly filters: ArrayFilters;
  /** The position that `$` means. @throws {CommandError} 2 when the filter matched no array */
  readonly position: () => number;
}

/** @throws {CommandError} 9 and 2 for filters that do not name one identifier, 224 for `$expr` */
export function compileArrayFilters(filters: readonly Doc[]): ArrayFilters {
  const compiled = new Map<string, (element: Value) => boolean>();
  for (const filter of filters) {
    if (filter.has('$expr')) throw new CommandError(224, '$expr is not allowed in this context');
    const matches = compileFilter(filter);
    const name = identifierOf(filter);
    if (compiled.has(name)) {
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${name}`);
    }
    compiled.set(name, (element) => matches(new Map([[name, element]])));
  }
  return compiled;
}

function identifierOf(filter: Doc): string {
  const [name, other] = new Set(namesIn(filter));
  const failed = (code: number, why: string) =>
    new CommandError(code, `Error parsing array filter :: caused by :: ${why}`);
  if (name === undefined)
    throw new CommandError(9, 'Cannot use an expression without a top-level field name in arrayFilters');
  if (other !== undefined)
    throw failed(9, `Expected a single top-level field name, found '${name}' and '${other}'`);
  if (/^[a-z][a-zA-Z0-9]*$/.test(name)) return name;
  throw failed(
    2,
    `The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
  );
}

const namesIn = (filter: Doc): string[] =>
  [...filter].flatMap(([name, arg]) => {
    if (!name.startsWith('$')) return [name.split('.')[0] as string];
    return isArray(arg) ? arg.filter(isDoc).flatMap(namesIn) : [];
  });

/** The identifier in `$[id]`, empty in `$[]`; undefined for any other part of a path. */
export const identifierIn = (part: string): string | undefined =>
  part.startsWith('$[') && part.endsWith(']') ? part.slice(2, -1) : undefined;

/** Whether a path's elements depend on the document. */
export const isDynamic = (path: readonly string[]): boolean =>
  path.some((part) => part === '$' || identifierIn(part) !== undefined);

/**
 * Checks the dynamic parts of an update's path. `field` is the whole path.
 * @throws {CommandError} 2 for one in the first place, for two `$`, and for an identifier without its filter
 */
export function checkDynamic(path: readonly string[], field: string, filters: ArrayFilters): void {
  const failed = (why: string) => new CommandError(2, `${why} path '${field}'`);
  if (path[0] === '$') throw failed("Cannot have positional (i.e. '$') element in the first position in");
  if (identifierIn(path[0] ?? '') !== undefined)
    throw failed("Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in");
  if (path.filter((part) => part === '$').length > 1)
    throw failed("Too many positional (i.e. '$') elements found in");
  const unknown = path.map(identifierIn).find((id) => id !== undefined && id !== '' && !filters.has(id));
  if (unknown !== undefined) throw failed(`No array filter found for identifier '${unknown}' in`);
}

/** The paths in one document that an update's path means. @throws {CommandError} 2 when there is no array */
export function placesOf(doc: Doc, path: readonly string[], choice: Choice): string[][] {
  const named = path.map((part) => (part === '$' ? String(choice.position()) : part));
  return placesBelow(doc, named, choice.filters, []);
}

function placesBelow(
  start: Found,
  path: readonly string[],
  filters: ArrayFilters,
  taken: readonly string[],
): string[][] {
  const at = path.findIndex((part) => identifierIn(part) !== undefined);
  if (at < 0) return [[...taken, ...path]];
  const here = [...taken, ...path.slice(0, at)];
  const array = path.slice(0, at).reduce(childOf, start);
  if (array === undefined) {
    throw new CommandError(
      2,
      `The path '${here.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!isArray(array)) {
    throw new CommandError(
      2,
      `Cannot apply array updates to non-array element ${here.at(-1)}: ${show(array)}`,
    );
  }
  const accepts = filters.get(identifierIn(path[at] as string) as string) ?? (() => true);
  return array.flatMap((element, index) =>
    accepts(element) ? placesBelow(element, path.slice(at + 1), filters, [...here, String(index)]) : [],
  );
}
