import { compare } from './compare.ts';
import { CommandError } from './errors.ts';
import { setIn } from './set-in.ts';
import type { Update } from './update-spec.ts';
import { type Doc, show } from './values.ts';

/**
 * The document after the update; the one passed in stays as it is. `inserting` says that an upsert makes it new.
 * @throws {CommandError} 66 for another `_id`, 28 for a path through a scalar, 2 and 14 for what an operator cannot change
 */
export function applyUpdate(update: Update, doc: Doc, inserting: boolean): Doc {
  const id = doc.get('_id');
  if (update.kind === 'replace') {
    const next = new Map([...(id === undefined ? [] : [['_id', id] as const]), ...update.document]);
    const given = next.get('_id');
    if (id === undefined || compare(id, given) === 0) return next;
    throw new CommandError(
      66,
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(given)}`,
    );
  }
  const changes = update.changes.filter(({ onlyOnInsert }) => inserting || !onlyOnInsert);
  const next = changes.reduce((now, { path, alter }) => setIn(now, path, (old) => alter(old, doc)), doc);
  // Setting the same _id is allowed: both session stores do it with every save.
  if (id === undefined || compare(id, next.get('_id')) === 0) return next;
  throw new CommandError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
}
