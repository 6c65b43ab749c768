import type { Document } from 'bson';
import { checkCommand, checkFields, docArg, docsArg, flagArg, required, writesArg } from '../args.ts';
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
import { checkHint } from './hint.ts';
import { matching } from './reads.ts';

/** The collection, made if need be: only for what surely writes. */
const collectionOf = (call: Call): Collection => call.store.ensure(call.database, collectionName(call));

/** How long the messages of a batch may become before those that follow are empty (MongoDB source, kErrorSizeTruncationMin). */
const MAX_MESSAGES = 1024 * 1024;

/**
 * Runs the writes of a batch one after the other. An ordered batch, the default, ends at the first error
 * (MongoDB manual, "insert", `ordered`). Returns the reply's `writeErrors`, nothing when all went well.
 */
function* runBatch<Write>(
  call: Call,
  writes: readonly Write[],
  run: (write: Write, index: number) => Steps<void>,
): Steps<Document> {
  const ordered = !call.command.has('ordered') || flagArg(call.command, call.name, 'ordered');
  const writeErrors: Document[] = [];
  let messages = 0;
  for (const [index, write] of writes.entries()) {
    try {
      yield* run(write, index);
      yield;
    } catch (error) {
      // What ends a command before it is done is no fault of one write.
      if (!(error instanceof CommandError) || error.code === 50) throw error;
      const failed = error.toWriteError(index);
      writeErrors.push(messages < MAX_MESSAGES ? failed : { ...failed, errmsg: '' });
      messages += error.message.length;
      if (ordered) break;
    }
  }
  return writeErrors.length === 0 ? {} : { writeErrors };
}

/** What every write command may say. There are no validators to bypass. */
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

/** Replaces a document by its updated self; `modified` is false when that is the same, byte for byte (`nModified` counts the others). */
export function updateOne(
  collection: Collection,
  old: Item,
  update: Update,
): { after: Doc; modified: boolean } {
  const after = applyUpdate(update, old.doc, false);
  const modified = collection.replace(old, after);
  return { after: modified ? after : old.doc, modified };
}

/** Inserts what an update that matched nothing makes of its filter, and returns it. */
export function upsertOne(collection: Collection, filter: Doc, update: Update): Doc {
  const seed = seedFromFilter(filter);
  const id = seed.get('_id');
  // A replacement takes nothing but the _id from its filter.
  const start: Doc = update.kind !== 'replace' ? seed : new Map(id === undefined ? [] : [['_id', id]]);
  return collection.insert(applyUpdate(update, start, true));
}

const update = function* (call: Call): Steps<Document> {
  checkCommand(call.command, 'update', ['updates', ...COMMON], ['let']);
  const updates = writesArg(call.command, 'update', 'updates').map(readUpdate);
  const upserted: { index: number; _id: Found }[] = [];
  let [n, nModified] = [0, 0];
  const errors = yield* runBatch(call, updates, function* (write, index) {
    const { filter, change, arrayFilters, multi, upsert, hint } = write;
    const update = compileUpdate(change, { filter, arrayFilters });
    if (multi && update.kind === 'replace')
      throw new CommandError(9, 'multi update is not supported for replacement-style update');
    checkHint(call, hint);
    let [matched, modified] = [0, 0];
    for (const item of matching(call, filter)) {
      if (item !== undefined) {
        matched++;
        if (updateOne(collectionOf(call), item, update).modified) modified++;
        if (!multi) break;
      }
      yield;
    }
    // A write that fails on its way counts nothing, as in mongod.
    n += matched;
    nModified += modified;
    if (matched > 0 || !upsert) return;
    upserted.push({ index, _id: upsertOne(collectionOf(call), filter, update).get('_id') });
    n++;
  });
  return { n, ...(upserted.length === 0 ? {} : { upserted }), nModified, ...errors, ok: 1 };
};

/** One write of an update. What is wrong with its form fails the whole command, what is wrong with its contents only itself. */
function readUpdate(write: Doc) {
  const where = 'update.updates';
  const refused = ['collation', 'c', 'sort', 'sampleId'];
  checkFields(write, where, ['q', 'u', 'arrayFilters', 'multi', 'upsert', 'hint'], refused);
  return {
    filter: filterOf(write, where),
    change: write.get('u'),
    arrayFilters: arrayFiltersOf(write, where),
    multi: flagArg(write, where, 'multi'),
    upsert: flagArg(write, where, 'upsert'),
    hint: write.get('hint'),
  };
}

function filterOf(write: Doc, where: string): Doc {
  required(write, where, 'q');
  return docArg(write, where, 'q') as Doc;
}

export const arrayFiltersOf = (args: Doc, where: string): readonly Doc[] =>
  args.has('arrayFilters') ? docsArg(args, where, 'arrayFilters') : [];

const deletes = function* (call: Call): Steps<Document> {
  checkCommand(call.command, 'delete', ['deletes', ...COMMON], ['let']);
  let n = 0;
  const writes = writesArg(call.command, 'delete', 'deletes').map(readDelete);
  const errors = yield* runBatch(call, writes, function* ({ filter, justOne, hint }) {
    checkHint(call, hint);
    let deleted = 0;
    for (const item of matching(call, filter)) {
      if (item !== undefined) {
        collectionOf(call).remove(item);
        deleted++;
        if (justOne) break;
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
    return { filter: filterOf(write, where), justOne: toNumber(limit) === 1, hint: write.get('hint') };
  throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${show(limit)}`);
}

export const WRITES: Handlers = { insert, update, delete: deletes };
