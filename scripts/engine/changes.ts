import { compare } from './compare.ts';
import { CommandError } from './errors.ts';
import { matchedPosition } from './positional.ts';
import type { Alter } from './update-operator.ts';
import { type ArrayFilters, identifierIn, isDynamic, placesOf } from './update-paths.ts';
import { arrayIndex, type Doc, show } from './values.ts';

/** One field that an update changes. */
export interface Change {
  readonly path: readonly string[];
  readonly alter: Alter;
  readonly onlyOnInsert: boolean;
}

/** Returns a function that gives the changes to one document, in order. @throws {CommandError} 40 when two of them conflict */
export function compileChanges(asked: readonly Change[], filter: Doc, filters: ArrayFilters) {
  const changes = sorted(asked);
  const dynamic = changes.some(({ path }) => isDynamic(path));
  if (dynamic) checkMixed(changes);
  return (doc: Doc, inserting: boolean): readonly Change[] => {
    const now = changes.filter(({ onlyOnInsert }) => inserting || !onlyOnInsert);
    if (!dynamic) return now;
    const position = () => {
      const found = inserting ? undefined : matchedPosition(filter, doc);
      if (found !== undefined) return found;
      throw new CommandError(2, 'The positional operator did not find the match needed from the query.');
    };
    return sorted(
      now.flatMap((change) =>
        placesOf(doc, change.path, { filters, position }).map((path) => ({ ...change, path })),
      ),
    );
  };
}

/** In the order of their paths. @throws {CommandError} 40 when one path equals or contains another */
function sorted(changes: readonly Change[]): readonly Change[] {
  const inOrder = [...changes].sort(byPath);
  for (const [index, change] of inOrder.entries()) checkConflict(inOrder[index - 1], change);
  return inOrder;
}

/** @throws {CommandError} 9 for an array filter that no path names */
export function checkUsed(filters: ArrayFilters, changes: readonly Change[], update: Doc): void {
  if (filters.size === 0) return;
  const used = new Set(changes.flatMap(({ path }) => path.map(identifierIn)));
  const unused = [...filters.keys()].find((name) => !used.has(name));
  if (unused !== undefined) {
    throw new CommandError(
      9,
      `The array filter for identifier '${unused}' was not used in the update ${show(update)}`,
    );
  }
}

/** @throws {CommandError} 40 for `$[]` beside another way into the same array */
function checkMixed(changes: readonly Change[]): void {
  for (const { path } of changes) {
    for (const [at, part] of path.entries()) {
      const mixed = changes.find(
        (other) =>
          other.path[at] !== undefined &&
          path.slice(0, at).every((same, index) => same === other.path[index]) &&
          (identifierIn(part) === undefined) !== (identifierIn(other.path[at]) === undefined),
      );
      if (mixed !== undefined) throw conflict(mixed.path, path.slice(0, at));
    }
  }
}

/** Fields are changed, and new ones appended, in the order of their names; positions by number (MongoDB manual, "Update Operators"). */
function byPath(a: Change, b: Change): number {
  for (let i = 0; i < Math.min(a.path.length, b.path.length); i++) {
    const [x, y] = [a.path[i] as string, b.path[i] as string];
    const [p, q] = [arrayIndex(x), arrayIndex(y)];
    const order = p !== undefined && q !== undefined ? p - q : compare(x, y);
    if (order !== 0) return order;
  }
  return a.path.length - b.path.length;
}

/** After sorting, a path and one below it are neighbours, the shorter first. */
function checkConflict(before: Change | undefined, change: Change): void {
  if (before?.path.every((part, index) => part === change.path[index]))
    throw conflict(change.path, before.path);
}

const conflict = (path: readonly string[], at: readonly string[]) =>
  new CommandError(40, `Updating the path '${path.join('.')}' would create a conflict at '${at.join('.')}'`);
