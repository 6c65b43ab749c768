import { checkCommand, docsArg } from '../args.ts';
import type { Collection } from '../collection.ts';
import { compare } from '../compare.ts';
import { CommandError } from '../errors.ts';
import { describeIndex, ID_INDEX, parseIndexSpec } from '../index-spec.ts';
import type { IndexSpec } from '../indexes.ts';
import { type Found, isArray, isDoc, show } from '../values.ts';
import { batchSizeOf, type Call, collectionName, type Handler, namespaceOf } from './call.ts';

function existing(call: Call): Collection {
  const collection = call.store.collection(call.database, collectionName(call));
  if (collection === undefined) throw new CommandError(26, `ns does not exist: ${namespaceOf(call)}`);
  return collection;
}

/** All of the indexes or, when one cannot be made, none. */
function createAll(collection: Collection, specs: readonly IndexSpec[]): void {
  const made: string[] = [];
  try {
    for (const spec of specs) if (collection.createIndex(spec)) made.push(spec.name);
  } catch (error) {
    collection.dropIndexes(made);
    throw error;
  }
}

const createIndexes: Handler = (call) => {
  checkCommand(call.command, 'createIndexes', ['indexes'], ['commitQuorum']);
  const specs = docsArg(call.command, 'createIndexes', 'indexes').map(parseIndexSpec);
  if (specs.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
  const isNew = call.store.collection(call.database, collectionName(call)) === undefined;
  const collection = call.store.ensure(call.database, collectionName(call));
  const before = collection.indexes.length;
  createAll(collection, specs);
  const after = collection.indexes.length;
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
  return call.cursors.open({
    namespace: namespaceOf(call),
    docs: existing(call).indexes.map(describeIndex),
    batchSize: batchSizeOf(call),
    singleBatch: false,
  });
};

/** The names of the indexes that dropIndexes means: `"*"`, a name, a list of names, or a key. */
function indexNames(collection: Collection, asked: Found): string[] {
  if (asked === '*')
    return collection.indexes.map(({ name }) => name).filter((name) => name !== ID_INDEX.name);
  if (isArray(asked)) return asked.flatMap((one) => indexNames(collection, one));
  const found = collection.indexes.filter(({ name, key }) =>
    isDoc(asked) ? compare(key, asked) === 0 : name === asked,
  );
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
  const nIndexesWas = collection.indexes.length;
  collection.dropIndexes(indexNames(collection, call.command.get('index')));
  return { nIndexesWas, ok: 1 };
};

export const INDEXES: readonly (readonly [string, Handler])[] = [
  ['createIndexes', createIndexes],
  ['listIndexes', listIndexes],
  ['dropIndexes', dropIndexes],
];
