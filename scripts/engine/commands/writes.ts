import type { Document } from 'bson';
import { checkCommand, checkFields, docsArg, flagArg, given, requiredDoc, writesArg } from '../args.ts';
import type { Collection } from '../collection.ts';
import { CommandError } from '../errors.ts';
import type { Item } from '../item.ts';
import { toNumber } from '../numbers.ts';
import type { Steps } from '../turns.ts';
import { applyUpdate } from '../update.ts';
import { compileUpdate, type Update } from '../update-spec.ts';
import { seedFromFilter } from '../upsert.ts';
import { type Doc, type Found, isNumeric, show } from '../values.ts';
import { type Call, collectionName, type Handlers } from './call.ts';
import { firstOf } from './first.ts';
import { orderOf } from './hint.ts';
import { matching } from './reads.ts';

/** The collection, made when missing: call it only before a certain write. */
const collectionOf = (call: Call): Collection => call.store.ensure(call.database, collectionName(call));

/** How long the messages of a batch may be before later ones are empty (MongoDB source, kErrorSizeTruncationMin). */
const MAX_MESSAGES = 1024 * 1024;

/**
 * Runs the writes of a batch one after the other. An ordered batch, the default, ends at the first error
 * (MongoDB manual, "insert", `ordered`). Returns the reply's `writeErrors`, undefined without errors.
 */
function* runBatch<Write>(
  call: Call,
  writes: readonly Write[],
  run: (write: Write, index: number) => Steps<void>,
): Steps<Document> {
  // Without a valid name no write is tried.
  collectionName(call);
  const ordered = flagArg(call.command, call.name, 'ordered', true);
  const writeErrors: Document[] = [];
  let messages = 0;
  for (const [index, write] of writes.entries()) {
    try {
      yield* run(write, index);
    } catch (error) {
      // A time-out is the command's error, not that of one write.
      if (!(error instanceof CommandError) || error.code === 50) throw error;
      const failed = error.toWriteError(index);
      writeErrors.push(messages < MAX_MESSAGES ? failed : { ...failed, errmsg: '' });
      messages += error.message.length;
      if (ordered) break;
    }
    yield;
  }
  return writeErrors.length === 0 ? {} : { writeErrors };
}

/** One malformed write fails the whole command, before anything is written. */
function* readAll<Write>(writes: readonly Doc[], read: (write: Doc) => Write): Steps<Write[]> {
  const all: Write[] = [];
  for (const write of writes) {
    all.push(read(write));
    yield;
  }
  return all;
}

/** Fields of every write command. There are no validators to bypass. */
const COMMON = ['ordered', 'bypassDocumentValidation'];

const insert = function* (call: Call): Steps<Document> {
  checkCommand(call.command, 'insert', ['documents', ...COMMON]);
  const documents = writesArg(call.command, 'insert', 'documents');
  const collection = collectionOf(call);
  let n = 0;
  // biome-ignore lint/correctness/useYield: one document is one step
  const errors = yield* runBatch(call, documents, function* (doc) {
    collection.insert(doc);
    n++;
  });
  return { n, ...errors, ok: 1 };
};

/** Updates a document; `modified` is false when the result is the same, byte for byte (`nModified` counts the others). */
export function updateOne(
  collection: Collection,
  old: Item,
  update: Update,
): { after: Doc; modified: boolean } {
  const after = applyUpdate(update, old.doc, false);
  const modified = collection.replace(old, after);
  return { after: modified ? after : old.doc, modified };
}

/** Inserts the document of an upsert that matched nothing, and returns it. */
export function upsertOne(collection: Collection, filter: Doc, update: Update): Doc {
  const seed = seedFromFilter(filter);
  const id = seed.get('_id');
  // A replacement takes only the _id from its filter.
  const start: Doc = update.kind !== 'replace' ? seed : new Map(id === undefined ? [] : [['_id', id]]);
  return collection.insert(applyUpdate(update, start, true));
}

const update = function* (call: Call): Steps<Document> {
  checkCommand(call.command, 'update', ['updates', ...COMMON], ['let']);
  const updates = yield* readAll(writesArg(call.command, 'update', 'updates'), readUpdate);
  const upserted: { index: number; _id: Found }[] = [];
  let [n, nModified] = [0, 0];
  const errors = yield* runBatch(call, updates, function* (write, index) {
    const { filter, change, arrayFilters, multi, upsert, hint } = write;
    const update = compileUpdate(change, { filter, arrayFilters });
    if (multi && update.kind === 'replace')
      throw new CommandError(9, 'multi update is not supported for replacement-style update');
    const order = orderOf(call, hint);
    let [matched, modified] = [0, 0];
    for (const item of multi ? matching(call, filter) : firstOf(call, filter, order)) {
      if (item !== undefined) {
        matched++;
        if (updateOne(collectionOf(call), item, update).modified) modified++;
      }
      yield;
    }
    // A write that fails halfway adds nothing to the counts, as in mongod.
    n += matched;
    nModified += modified;
    if (matched > 0 || !upsert) return;
    upserted.push({ index, _id: upsertOne(collectionOf(call), filter, update).get('_id') });
    n++;
  });
  return { n, ...(upserted.length === 0 ? {} : { upserted }), nModified, ...errors, ok: 1 };
};

/** One write of an update. Invalid contents fail only this write. */
function readUpdate(write: Doc) {
  const where = 'update.updates';
  const refused = ['collation', 'c', 'sort', 'sampleId'];
  checkFields(write, where, ['q', 'u', 'arrayFilters', 'multi', 'upsert', 'hint'], refused);
  return {
    filter: requiredDoc(write, where, 'q'),
    change: write.get('u'),
    arrayFilters: arrayFiltersOf(write, where),
    multi: flagArg(write, where, 'multi'),
    upsert: flagArg(write, where, 'upsert'),
    hint: write.get('hint'),
  };
}

export const arrayFiltersOf = (args: Doc, where: string): readonly Doc[] =>
  given(args, 'arrayFilters') === undefined ? [] : docsArg(args, where, 'arrayFilters');

const deletes = function* (call: Call): Steps<Document> {
  checkCommand(call.command, 'delete', ['deletes', ...COMMON], ['let']);
  let n = 0;
  const writes = yield* readAll(writesArg(call.command, 'delete', 'deletes'), readDelete);
  const errors = yield* runBatch(call, writes, function* ({ filter, justOne, hint }) {
    const order = orderOf(call, hint);
    let deleted = 0;
    for (const item of justOne ? firstOf(call, filter, order) : matching(call, filter)) {
      if (item !== undefined) {
        collectionOf(call).remove(item);
        deleted++;
      }
      yield;
    }
    n += deleted;
  });
  return { n, ...errors, ok: 1 };
};

function readDelete(write: Doc) {
  const where = 'delete.deletes';
  checkFields(write, where, ['q', 'limit', 'hint'], ['collation', 'sampleId']);
  const limit = write.get('limit');
  if (isNumeric(limit) && [0, 1].includes(toNumber(limit)))
    return {
      filter: requiredDoc(write, where, 'q'),
      justOne: toNumber(limit) === 1,
      hint: write.get('hint'),
    };
  throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${show(limit)}`);
}

export const WRITES: Handlers = { insert, update, delete: deletes };
