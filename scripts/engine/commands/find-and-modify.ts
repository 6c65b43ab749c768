import type { Document } from 'bson';
import { checkCommand, docArg, flagArg, given } from '../args.ts';
import { CommandError } from '../errors.ts';
import { compileFindProjection } from '../find-projection.ts';
import type { Item, Items } from '../item.ts';
import { compileSort } from '../sort.ts';
import type { Steps } from '../turns.ts';
import { compileUpdate } from '../update-spec.ts';
import type { Doc } from '../values.ts';
import { type Call, collectionName, type Handlers, NO_FILTER } from './call.ts';
import { firstOf } from './first.ts';
import { orderOf } from './hint.ts';
import { arrayFiltersOf, updateOne, upsertOne } from './writes.ts';

/** The command findAndModify (MongoDB manual). */
const findAndModify = function* (call: Call): Steps<Document> {
  const { command, name } = call;
  const known = 'query sort remove update new fields upsert hint bypassDocumentValidation arrayFilters'.split(
    ' ',
  );
  checkCommand(command, name, known, ['collation', 'let']);
  const remove = flagArg(command, name, 'remove');
  const wantsNew = flagArg(command, name, 'new');
  const upsert = flagArg(command, name, 'upsert');
  const conflict = conflictIn(command, { remove, wantsNew, upsert });
  if (conflict !== undefined) throw new CommandError(9, conflict);
  const arrayFilters = arrayFiltersOf(command, name);
  if (remove && arrayFilters.length > 0)
    throw new CommandError(9, 'Cannot specify arrayFilters and remove=true');
  const filter = docArg(command, name, 'query') ?? NO_FILTER;
  const order = orderOf(call, command.get('hint'), compileSort(docArg(command, name, 'sort') ?? NO_FILTER));
  const project = compileFindProjection(docArg(command, name, 'fields') ?? NO_FILTER, filter);
  const collection = () => call.store.ensure(call.database, collectionName(call));
  const update = remove ? undefined : compileUpdate(command.get('update'), { filter, arrayFilters });
  const found = yield* only(firstOf(call, filter, order));
  if (update === undefined) {
    if (found !== undefined) collection().remove(found);
    return result({ n: found === undefined ? 0 : 1 }, found?.doc, project);
  }
  if (found !== undefined) {
    const { after } = updateOne(collection(), found, update);
    return result({ n: 1, updatedExisting: true }, wantsNew ? after : found.doc, project);
  }
  if (!upsert) return result({ n: 0, updatedExisting: false }, undefined, project);
  const inserted = upsertOne(collection(), filter, update);
  const lastError = { n: 1, updatedExisting: false, upserted: inserted.get('_id') };
  return result(lastError, wantsNew ? inserted : undefined, project);
};

function conflictIn(command: Doc, { remove, wantsNew, upsert }: Record<string, boolean>): string | undefined {
  const updates = given(command, 'update') !== undefined;
  if (!remove) return updates ? undefined : 'Either an update or remove=true must be specified';
  if (updates) return 'Cannot specify both an update and remove=true';
  if (upsert) return 'Cannot specify both upsert=true and remove=true';
  if (!wantsNew) return undefined;
  return "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document";
}

function* only(items: Items): Steps<Item | undefined> {
  for (const item of items) {
    if (item !== undefined) return item;
    yield;
  }
  return undefined;
}

const result = (lastErrorObject: Document, value: Doc | undefined, project: (doc: Doc) => Doc): Document => ({
  lastErrorObject,
  value: value === undefined ? null : project(value),
  ok: 1,
});

export const FIND_AND_MODIFY: Handlers = { findAndModify, findandmodify: findAndModify };
