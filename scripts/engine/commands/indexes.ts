import { type Document, Long } from 'bson';
import { checkCommand, checkFields, docArg, docsArg, flagArg, given, textArg } from '../args.ts';
import type { Collection } from '../collection.ts';
import { CommandError } from '../errors.ts';
import { describeIndex, isNamed } from '../existing-index.ts';
import { ID_INDEX } from '../id-index.ts';
import { parseIndexSpec, ttlOf } from '../index-spec.ts';
import type { IndexSpec } from '../indexes.ts';
import type { Steps } from '../turns.ts';
import { type Doc, type Found, isArray, show } from '../values.ts';
import { type Call, collectionName, type Handler, type Handlers, listing, namespaceOf } from './call.ts';

function existing(call: Call): Collection {
  const collection = call.store.collection(call.database, collectionName(call));
  if (collection === undefined) throw new CommandError(26, `ns does not exist: ${namespaceOf(call)}`);
  return collection;
}

/** Creates all of the indexes, or none when one fails. */
function* createAll(collection: Collection, specs: readonly IndexSpec[]): Steps<void> {
  const made: string[] = [];
  let all = false;
  try {
    for (const spec of specs) if (yield* collection.indexes.create(spec)) made.push(spec.name);
    all = true;
  } finally {
    if (!all) collection.indexes.drop(made);
  }
}

const createIndexes = function* (call: Call): Steps<Document> {
  checkCommand(call.command, 'createIndexes', ['indexes'], ['commitQuorum']);
  const specs = docsArg(call.command, 'createIndexes', 'indexes').map(parseIndexSpec);
  if (specs.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
  const isNew = call.store.collection(call.database, collectionName(call)) === undefined;
  const collection = call.store.ensure(call.database, collectionName(call));
  const before = collection.indexes.specs.length;
  yield* createAll(collection, specs);
  const after = collection.indexes.specs.length;
  const note = before === after ? { note: 'all indexes already exist' } : {};
  return {
    numIndexesBefore: before,
    numIndexesAfter: after,
    createdCollectionAutomatically: isNew,
    ...note,
    ok: 1,
  };
};

const listIndexes: Handler = (call) => {
  checkCommand(call.command, 'listIndexes', ['cursor']);
  return listing(call, namespaceOf(call), existing(call).indexes.specs.map(describeIndex));
};

/** The names of the indexes for dropIndexes: `"*"`, a name, a list of names, or a key. */
function indexNames(collection: Collection, asked: Found): string[] {
  if (asked === '*')
    return collection.indexes.specs.map(({ name }) => name).filter((name) => name !== ID_INDEX.name);
  if (isArray(asked)) return asked.flatMap((one) => indexNames(collection, one));
  const found = collection.indexes.specs.filter((one) => isNamed(one, asked));
  if (found.length === 0)
    throw new CommandError(
      27,
      `index not found with name [${typeof asked === 'string' ? asked : show(asked)}]`,
    );
  if (found.includes(ID_INDEX)) throw new CommandError(72, 'cannot drop _id index');
  return found.map(({ name }) => name);
}

const dropIndexes: Handler = (call) => {
  checkCommand(call.command, 'dropIndexes', ['index']);
  const collection = existing(call);
  const nIndexesWas = collection.indexes.specs.length;
  const index = call.command.get('index');
  collection.indexes.drop(indexNames(collection, index));
  return { nIndexesWas, ...(index === '*' ? { msg: 'non-_id indexes dropped for collection' } : {}), ok: 1 };
};

/** The index for collMod, by its name or its key. @throws {CommandError} 72, 27 */
function indexToChange(call: Call, collection: Collection, index: Doc): IndexSpec {
  const [name, key] = [given(index, 'name'), docArg(index, 'collMod.index', 'keyPattern')];
  if (name !== undefined && key !== undefined)
    throw new CommandError(72, 'Cannot specify both key pattern and name.');
  if (name === undefined && key === undefined)
    throw new CommandError(72, 'Must specify either index name or key pattern.');
  if (given(index, 'expireAfterSeconds') === undefined && given(index, 'hidden') === undefined)
    throw new CommandError(72, 'no expireAfterSeconds, hidden, unique, or prepareUnique field');
  const asked = key ?? textArg(index, 'collMod.index', 'name');
  const found = collection.indexes.specs.filter((one) => isNamed(one, asked));
  if (found.length > 1)
    throw new CommandError(
      181,
      `index keyPattern ${show(asked)} matches ${found.length} indexes, must use index name.`,
    );
  if (found[0] !== undefined) return found[0];
  throw new CommandError(
    27,
    `cannot find index ${typeof asked === 'string' ? asked : show(asked)} for ns ${namespaceOf(call)}`,
  );
}

/** Changes when documents expire by an index, and whether it is hidden (MongoDB manual, "collMod"). */
const collMod = function* (call: Call): Steps<Document> {
  const refused =
    'validator validationLevel validationAction viewOn pipeline timeseries cappedSize cappedMax changeStreamPreAndPostImages dryRun';
  checkCommand(call.command, 'collMod', ['index'], [...refused.split(' '), 'expireAfterSeconds']);
  const collection = existing(call);
  const asked = docArg(call.command, 'collMod', 'index');
  if (asked === undefined) return { ok: 1 };
  const known = ['name', 'keyPattern', 'expireAfterSeconds', 'hidden'];
  checkFields(asked, 'collMod.index', known, ['unique', 'prepareUnique']);
  const index = indexToChange(call, collection, asked);
  const reply: Document = {};
  const time = given(asked, 'expireAfterSeconds');
  if (time !== undefined) {
    const seconds = ttlOf(index.key, time, 72);
    yield* collection.indexes.change(index.name, { expireAfterSeconds: seconds });
    const { expireAfterSeconds: before } = index;
    if (before !== undefined) reply.expireAfterSeconds_old = Long.fromNumber(before);
    reply.expireAfterSeconds_new = Long.fromNumber(seconds);
  }
  const wasHidden = index.hidden ?? false;
  const hidden = flagArg(asked, 'collMod.index', 'hidden', wasHidden);
  if (given(asked, 'hidden') !== undefined && index === ID_INDEX)
    throw new CommandError(2, "can't hide _id index");
  if (hidden !== wasHidden) {
    yield* collection.indexes.change(index.name, { hidden });
    Object.assign(reply, { hidden_old: !hidden, hidden_new: hidden });
  }
  return { ...reply, ok: 1 };
};

export const INDEXES: Handlers = { createIndexes, listIndexes, dropIndexes, collMod };
