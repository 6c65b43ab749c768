import { compare } from './compare.ts';
import { CommandError } from './errors.ts';
import { setAllIn } from './set-in.ts';
import type { Update } from './update-spec.ts';
import { type Doc, show, type Value } from './values.ts';

/**
 * The document after the update; the argument does not change. `inserting`: an upsert makes the document.
 * @throws {CommandError} 66 for another `_id`, 52 for a new name with a dollar, 28 for a path through a scalar, 2 and 14 for what an operator cannot change
 */
export function applyUpdate(update: Update, doc: Doc, inserting: boolean): Doc {
  const id = doc.get('_id');
  if (update.kind === 'change') {
    const changes = update.changesTo(doc, inserting);
    const next = setAllIn(
      doc,
      changes.map(({ path, alter }) => ({ path, change: (old) => alter(old, doc) })),
    );
    const dollar = changes.find(({ path }) => !inserting && setsDollarField(doc, next, path));
    if (dollar !== undefined) throw dollarField(dollar.path[0] as string);
    // Setting the same _id is allowed: both session stores do it with every save.
    if (id === undefined || compare(id, next.get('_id')) === 0) return next;
    throw new CommandError(
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  const made = update.kind === 'replace' ? update.document : update.run(doc);
  const dollar = [...made.keys()].find((name) => name.startsWith('$'));
  if (dollar !== undefined && update.kind === 'replace' && !inserting) throw dollarField(dollar);
  if (id === undefined) return made;
  // A result without an _id keeps the old one, and the _id comes first.
  const next = new Map<string, Value>([['_id', id], ...made]);
  if (compare(id, next.get('_id')) === 0) return next;
  throw new CommandError(
    66,
    `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(next.get('_id'))}`,
  );
}

/** Whether an update made or replaced a field with a dollar at the top of a document. Below an existing one it may. */
function setsDollarField(before: Doc, after: Doc, [name = '', ...rest]: readonly string[]): boolean {
  if (!name.startsWith('$') || !after.has(name)) return false;
  return rest.length > 0 ? !before.has(name) : compare(before.get(name), after.get(name)) !== 0;
}

/** Only an insert, an upsert or a pipeline may give a document such a field (MongoDB source, storage_validation). */
const dollarField = (name: string) =>
  new CommandError(
    52,
    `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
  );
