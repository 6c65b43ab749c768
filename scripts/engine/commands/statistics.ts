import { hostname } from 'node:os';
import { type Document, Long } from 'bson';
import { checkCommand, checkFields, countArg, docArg } from '../args.ts';
import { encode } from '../codec.ts';
import type { Collection } from '../collection.ts';
import { CommandError } from '../errors.ts';
import { describeIndex } from '../existing-index.ts';
import { indexKeys } from '../paths.ts';
import { cut } from '../streams.ts';
import type { Steps } from '../turns.ts';
import type { Doc } from '../values.ts';
import { type Call, collectionName, type Handlers, NO_FILTER, namespaceOf } from './call.ts';

const SINCE = new Date();

/** The divisor of sizes; default: 1. @throws {CommandError} 2 for 0 */
function scaleOf(args: Doc, where: string): number {
  const scale = countArg(args, where, 'scale') ?? 1;
  if (scale > 0) return scale;
  throw new CommandError(2, `BSON field 'scale' value must be >= 1, actual value '${scale}'`);
}

/** How many documents the size of an index is measured on. */
const MEASURED = 1000;

/** How large each index's keys are as BSON, in bytes; estimated from the first documents when there are more. */
function* indexBytes(collection: Collection): Steps<{ name: string; bytes: number }[]> {
  const sums = collection.indexes.specs.map(({ name, key }) => ({
    name,
    paths: [...key.keys()].map((field) => field.split('.')),
    bytes: 0,
  }));
  let measured = 0;
  for (const item of cut(collection.find(NO_FILTER), 0, MEASURED)) {
    yield;
    if (item === undefined) continue;
    measured++;
    for (const sum of sums)
      sum.bytes += encode({ keys: sum.paths.map((path) => indexKeys(item.doc, path).values) }).length;
  }
  const share = measured === 0 ? 0 : collection.size / measured;
  return sums.map(({ name, bytes }) => ({ name, bytes: Math.round(bytes * share) }));
}

/** Documents are in memory: their storage size is their BSON size. */
function* sizes(collections: readonly Collection[], scale: number) {
  const bytes = collections.reduce((sum, one) => sum + one.bytes(), 0);
  const count = collections.reduce((sum, one) => sum + one.size, 0);
  const indexes: { name: string; bytes: number }[] = [];
  for (const collection of collections) indexes.push(...(yield* indexBytes(collection)));
  const indexTotal = indexes.reduce((sum, index) => sum + index.bytes, 0);
  return {
    count,
    scaled: Math.floor(bytes / scale),
    indexes: indexes.map(({ name, bytes }) => [name, Math.floor(bytes / scale)] as const),
    indexTotal: Math.floor(indexTotal / scale),
    total: Math.floor((bytes + indexTotal) / scale),
    average: count === 0 ? {} : { avgObjSize: Math.floor(bytes / count) },
  };
}

const dbStats = function* ({ command, database, store, name }: Call): Steps<Document> {
  checkCommand(command, name, ['scale', 'freeStorage']);
  const scale = scaleOf(command, name);
  const collections = [...store.collections(database).values()];
  const { count, scaled, indexes, indexTotal, total, average } = yield* sizes(collections, scale);
  return {
    db: database,
    collections: collections.length,
    views: 0,
    objects: count,
    avgObjSize: 0,
    ...average,
    dataSize: scaled,
    storageSize: scaled,
    indexes: indexes.length,
    indexSize: indexTotal,
    totalSize: total,
    scaleFactor: scale,
    ok: 1,
  };
};

function* storage(collection: Collection | undefined, scale: number): Steps<Document> {
  const measured = yield* sizes(collection === undefined ? [] : [collection], scale);
  const { count, scaled, indexes, indexTotal, total, average } = measured;
  return {
    size: scaled,
    count,
    ...average,
    numOrphanDocs: 0,
    storageSize: scaled,
    freeStorageSize: 0,
    capped: collection?.capped !== undefined,
    ...(collection?.capped && {
      max: Number.isFinite(collection.capped.max) ? collection.capped.max : 0,
      maxSize: collection.capped.size,
    }),
    nindexes: indexes.length,
    indexBuilds: [],
    totalIndexSize: indexTotal,
    totalSize: total,
    indexSizes: Object.fromEntries(indexes),
    scaleFactor: scale,
  };
}

const collectionOf = (call: Call) => call.store.collection(call.database, collectionName(call));

const collStats = function* (call: Call): Steps<Document> {
  checkCommand(call.command, call.name, ['scale']);
  const scale = scaleOf(call.command, call.name);
  return { ns: namespaceOf(call), ...(yield* storage(collectionOf(call), scale)), ok: 1 };
};

const missing = (call: Call, stage: string) =>
  new CommandError(
    26,
    `Unable to retrieve ${stage} in $collStats stage :: Collection [${namespaceOf(call)}] not found.`,
  );

/** The one document of the stage `$collStats` (MongoDB manual). @throws {CommandError} 26 for the count of a missing collection, 238 */
export function* collStatsStage(call: Call, asked: Doc): Steps<Document[]> {
  checkFields(asked, '$collStats', ['storageStats', 'count'], ['latencyStats', 'queryExecStats']);
  const collection = collectionOf(call);
  const options = docArg(asked, '$collStats', 'storageStats');
  const stats = options && {
    storageStats: yield* storage(collection, scaleOf(options, '$collStats.storageStats')),
  };
  if (asked.has('count') && collection === undefined) throw missing(call, 'count');
  const count = asked.has('count') ? { count: collection?.size } : {};
  return [{ ns: namespaceOf(call), host: hostname(), localTime: new Date(), ...stats, ...count }];
}

/** The documents of the stage `$indexStats` (MongoDB manual). Finds use no index, hence no accesses. */
export function indexStatsStage(call: Call): Document[] {
  return (collectionOf(call)?.indexes.specs ?? []).map((index) => ({
    name: index.name,
    key: index.key,
    host: hostname(),
    accesses: { ops: Long.ZERO, since: SINCE },
    spec: describeIndex(index),
  }));
}

export const STATISTICS: Handlers = { dbStats, dbstats: dbStats, collStats, collstats: collStats };
