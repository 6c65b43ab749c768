import { compare } from './compare.ts';
import { CommandError } from './errors.ts';
import { add } from './numbers.ts';
import { setIn } from './set-in.ts';
import type { Change, Update } from './update-spec.ts';
import { type Doc, type Found, isNumeric, show, typeOf, type Value } from './values.ts';

/**
 * The document after the update; the one passed in stays as it is. `inserting` says that an upsert makes it new.
 * @throws {CommandError} 66 for another `_id`, 28 for a path through a scalar, 14 for `$inc` on what is no number
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
  const next = update.changes.reduce((before, change) => applyChange(before, change, inserting), doc);
  // Setting the same _id is allowed: both session stores do it with every save.
  if (id === undefined || compare(id, next.get('_id')) === 0) return next;
  throw new CommandError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
}

function applyChange(doc: Doc, { operator, path, operand }: Change, inserting: boolean): Doc {
  if (operator === '$unset') return setIn(doc, path, () => undefined);
  if (operator === '$setOnInsert' && !inserting) return doc;
  return setIn(doc, path, (old) => (operator === '$inc' ? increment(doc, path, old, operand) : operand));
}

function increment(doc: Doc, path: readonly string[], old: Found, by: Value): Value {
  if (old === undefined) return by;
  if (isNumeric(old) && isNumeric(by)) return add(old, by);
  throw new CommandError(
    14,
    `Cannot apply $inc to a value of non-numeric type. {_id: ${show(doc.get('_id'))}} has the field '${path.at(-1)}' of non-numeric type ${typeOf(old).alias}`,
  );
}
