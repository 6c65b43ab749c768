import { compare } from './compare.ts';
import { CommandError } from './errors.ts';
import { setIn } from './set-in.ts';
import type { Update } from './update-spec.ts';
import { type Doc, show, type Value } from './values.ts';

/**
 * The document after the update; the one passed in stays as it is. `inserting` says that an upsert makes it new.
 * @throws {CommandError} 66 for another `_id`, 28 for a path through a scalar, 2 and 14 for what an operator cannot change
 */
export function applyUpdate(update: Update, doc: Doc, inserting: boolean): Doc {
  const id = doc.get('_id');
  if (update.kind === 'change') {
    const changes = update.changesTo(doc, inserting);
    const next = changes.reduce((now, { path, alter }) => setIn(now, path, (old) => alter(old, doc)), doc);
    // Setting the same _id is allowed: both session stores do it with every save.
    if (id === undefined || compare(id, next.get('_id')) === 0) return next;
    throw new CommandError(
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  const made = update.kind === 'replace' ? update.document : update.run(doc);
  if (id === undefined) return made;
  // What says nothing of the _id keeps it, and the _id stands first.
  const next = new Map<string, Value>([['_id', id], ...made]);
  if (compare(id, next.get('_id')) === 0) return next;
  throw new CommandError(
    66,
    `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(next.get('_id'))}`,
  );
}
