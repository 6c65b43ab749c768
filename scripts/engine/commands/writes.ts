import type { Document } from 'bson';
import { checkCommand, checkFields, docArg, docsArg, flagArg, required } from '../args.ts';
import { encode } from '../codec.ts';
import type { Collection } from '../collection.ts';
import { CommandError } from '../errors.ts';
import { toNumber } from '../numbers.ts';
import { applyUpdate } from '../update.ts';
import { compileUpdate, type Update } from '../update-spec.ts';
import { seedFromFilter } from '../upsert.ts';
import { type Doc, type Found, isNumeric, show } from '../values.ts';
import { type Call, collectionName, type Handler, type Handlers } from './call.ts';
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
function runBatch<Write>(
  call: Call,
  writes: readonly Write[],
  run: (write: Write, index: number) => void,
): Document {
  const ordered = !call.command.has('ordered') || flagArg(call.command, call.name, 'ordered');
  const writeErrors: Document[] = [];
  let messages = 0;
  for (const [index, write] of writes.entries()) {
    try {
      run(write, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
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

const insert: Handler = (call) => {
  checkCommand(call.command, 'insert', ['documents', ...COMMON]);
  const documents = docsArg(call.command, 'insert', 'documents');
  const collection = collectionOf(call);
  let n = 0;
  const errors = runBatch(call, documents, (doc) => {
    collection.insert(doc);
    n++;
  });
  return { n, ...errors, ok: 1 };
};

/** Replaces a document by its updated self; false when that is the same, byte for byte (`nModified` counts the others). */
export function updateOne(
  collection: Collection,
  old: Doc,
  update: Update,
): { after: Doc; modified: boolean } {
  const after = applyUpdate(update, old, false);
  if (Buffer.compare(encode(old), encode(after)) === 0) return { after: old, modified: false };
  collection.replace(old, after);
  return { after, modified: true };
}

/** Inserts what an update that matched nothing makes of its filter, and returns it. */
export function upsertOne(collection: Collection, filter: Doc, update: Update): Doc {
  const seed = seedFromFilter(filter);
  const id = seed.get('_id');
  // A replacement takes nothing but the _id from its filter.
  const start: Doc = update.kind !== 'replace' ? seed : new Map(id === undefined ? [] : [['_id', id]]);
  return collection.insert(applyUpdate(update, start, true));
}

const update: Handler = (call) => {
  checkCommand(call.command, 'update', ['updates', ...COMMON], ['let']);
  const updates = docsArg(call.command, 'update', 'updates').map(readUpdate);
  const upserted: { index: number; _id: Found }[] = [];
  let [n, nModified] = [0, 0];
  const errors = runBatch(call, updates, ({ filter, change, arrayFilters, multi, upsert, hint }, index) => {
    const update = compileUpdate(change, { filter, arrayFilters });
    if (multi && update.kind === 'replace')
      throw new CommandError(9, 'multi update is not supported for replacement-style update');
    checkHint(call, hint);
    const found = matching(call, filter, multi ? undefined : 1);
    for (const doc of found) if (updateOne(collectionOf(call), doc, update).modified) nModified++;
    n += found.length;
    if (found.length > 0 || !upsert) return;
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

const deletes: Handler = (call) => {
  checkCommand(call.command, 'delete', ['deletes', ...COMMON], ['let']);
  let n = 0;
  const writes = docsArg(call.command, 'delete', 'deletes').map(readDelete);
  const errors = runBatch(call, writes, ({ filter, limit, hint }) => {
    checkHint(call, hint);
    const found = matching(call, filter, limit);
    for (const doc of found) collectionOf(call).remove(doc);
    n += found.length;
  });
  return { n, ...errors, ok: 1 };
};

function readDelete(write: Doc) {
  const where = 'delete.deletes';
  checkFields(write, where, ['q', 'limit', 'hint'], ['collation', 'sampleId']);
  const limit = write.get('limit');
  if (isNumeric(limit) && [0, 1].includes(toNumber(limit)))
    return { filter: filterOf(write, where), limit: toNumber(limit) || undefined, hint: write.get('hint') };
  throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${show(limit)}`);
}

export const WRITES: Handlers = { insert, update, delete: deletes };
