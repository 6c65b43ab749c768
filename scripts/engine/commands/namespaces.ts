import { type Document, Long } from 'bson';
import { checkCommand, countArg, docArg, flagArg, textArg } from '../args.ts';
import { decode, encode } from '../codec.ts';
import type { Capped, Collection } from '../collection.ts';
import { CommandError } from '../errors.ts';
import { describeIndex } from '../existing-index.ts';
import { ID_INDEX } from '../id-index.ts';
import { compileFilter } from '../query.ts';
import type { Steps } from '../turns.ts';
import type { Doc } from '../values.ts';
import {
  adminOnly,
  type Call,
  collectionName,
  type Handler,
  type Handlers,
  listing,
  NO_FILTER,
  namespaceOf,
} from './call.ts';

/** Keeps the descriptions that a listing's own filter matches. */
function* filtered<Of, What extends Document>(
  call: Call,
  all: Iterable<Of>,
  describe: (one: Of) => What,
): Steps<What[]> {
  const filter = docArg(call.command, call.name, 'filter') ?? NO_FILTER;
  const matches = compileFilter(filter);
  const kept: What[] = [];
  for (const one of all) {
    const description = describe(one);
    if (filter.size === 0 || matches(decode(encode(description)))) kept.push(description);
    yield;
  }
  return kept;
}

const create: Handler = (call) => {
  const refused =
    'validator validationLevel validationAction viewOn pipeline timeseries collation clusteredIndex ' +
    'expireAfterSeconds changeStreamPreAndPostImages encryptedFields storageEngine indexOptionDefaults idIndex autoIndexId';
  checkCommand(call.command, 'create', ['capped', 'size', 'max'], refused.split(' '));
  const capped = cappedOf(call.command);
  if (call.store.collection(call.database, collectionName(call)) !== undefined) {
    throw new CommandError(48, `Collection ${namespaceOf(call)} already exists.`);
  }
  call.store.ensure(call.database, collectionName(call), capped);
  return { ok: 1 };
};

/** @throws {CommandError} 72 for a size without capped, and for capped without a size */
function cappedOf(command: Doc): Capped | undefined {
  const [size, max] = ['size', 'max'].map((name) => countArg(command, 'create', name));
  if (!flagArg(command, 'create', 'capped')) {
    if (size === undefined && max === undefined) return undefined;
    throw new CommandError(
      72,
      "the 'capped' field needs to be true when either the 'size' or 'max' fields are present",
    );
  }
  if (size === undefined) throw new CommandError(72, "the 'size' field is required when 'capped' is true");
  return { size: Math.max(Math.ceil(size / 256) * 256, MIN_CAPPED), max: max || Number.POSITIVE_INFINITY };
}

/** The smallest size of a capped collection, in bytes (MongoDB manual, "create"). */
const MIN_CAPPED = 4096;

const optionsOf = ({ capped }: Collection): Document =>
  capped === undefined
    ? {}
    : { capped: true, size: capped.size, ...(Number.isFinite(capped.max) ? { max: capped.max } : {}) };

const drop: Handler = (call) => {
  checkCommand(call.command, 'drop', []);
  const collection = call.store.collection(call.database, collectionName(call));
  call.store.drop(call.database, collectionName(call));
  // Since 7.0 dropping a missing collection is no error (MongoDB manual, "drop").
  return collection === undefined
    ? { ok: 1 }
    : { nIndexesWas: collection.indexes.specs.length, ns: namespaceOf(call), ok: 1 };
};

const dropDatabase: Handler = (call) => {
  checkCommand(call.command, 'dropDatabase', []);
  return call.store.dropDatabase(call.database) ? { dropped: call.database, ok: 1 } : { ok: 1 };
};

/** The command renameCollection (MongoDB manual). */
const renameCollection: Handler = (call) => {
  const { command, name, store } = call;
  adminOnly(call);
  checkCommand(command, name, ['to', 'dropTarget']);
  const [from, to] = [textArg(command, name, name), textArg(command, name, 'to')];
  const [source, target] = [splitNamespace(from), splitNamespace(to)];
  if (store.collection(...source) === undefined)
    throw new CommandError(26, `Source collection ${from} does not exist`);
  if (from === to) throw new CommandError(20, "Can't rename a collection to itself");
  if (store.collection(...target) !== undefined && !flagArg(command, name, 'dropTarget'))
    throw new CommandError(48, 'target namespace exists');
  store.rename(source, target);
  return { ok: 1 };
};

function splitNamespace(namespace: string): [database: string, name: string] {
  const [database = '', ...name] = namespace.split('.');
  return [database, name.join('.')];
}

const listCollections = function* (call: Call): Steps<Document> {
  // Every user may see every collection, so authorizedCollections changes nothing.
  checkCommand(call.command, 'listCollections', ['filter', 'nameOnly', 'cursor', 'authorizedCollections']);
  const nameOnly = flagArg(call.command, 'listCollections', 'nameOnly');
  const described = yield* filtered(
    call,
    call.store.collections(call.database),
    ([name, collection]: readonly [string, Collection]) => ({
      name,
      type: 'collection',
      options: optionsOf(collection),
      info: { readOnly: false, uuid: collection.uuid },
      idIndex: describeIndex(ID_INDEX),
    }),
  );
  const docs = described.map((one) => (nameOnly ? { name: one.name, type: one.type } : one));
  return yield* listing(call, `${call.database}.$cmd.listCollections`, docs);
};

const listDatabases = function* (call: Call): Steps<Document> {
  adminOnly(call);
  checkCommand(call.command, 'listDatabases', ['filter', 'nameOnly', 'authorizedDatabases']);
  const databases = yield* filtered(call, call.store.databases(), (name: string) => {
    const bytes = [...call.store.collections(name).values()].reduce((sum, one) => sum + one.bytes(), 0);
    return { name, sizeOnDisk: Long.fromNumber(bytes), empty: bytes === 0 };
  });
  if (flagArg(call.command, 'listDatabases', 'nameOnly')) {
    return { databases: databases.map(({ name }) => ({ name })), ok: 1 };
  }
  const total = databases.reduce((sum, { sizeOnDisk }) => sum + Number(sizeOnDisk), 0);
  const totalSizeMb = Long.fromNumber(Math.floor(total / 2 ** 20));
  return { databases, totalSize: Long.fromNumber(total), totalSizeMb, ok: 1 };
};

export const NAMESPACES: Handlers = {
  create,
  drop,
  dropDatabase,
  renameCollection,
  listCollections,
  listDatabases,
};
