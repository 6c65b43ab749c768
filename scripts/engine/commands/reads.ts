import { type Document, Long } from 'bson';
import {
  checkCommand,
  countArg,
  docArg,
  flagArg,
  integerArg,
  required,
  textArg,
  wrongType,
} from '../args.ts';
import type { Raw } from '../bson-writer.ts';
import { elementSize, MAX_DOCUMENT, rawOf } from '../codec.ts';
import type { Collection } from '../collection.ts';
import { keyOf } from '../compare.ts';
import { CommandError, notSupported } from '../errors.ts';
import { compileFindProjection } from '../find-projection.ts';
import type { Held, Items } from '../item.ts';
import { reach } from '../paths.ts';
import { compileFilter } from '../query.ts';
import { compileSort } from '../sort.ts';
import { cut, mapped } from '../streams.ts';
import type { Steps } from '../turns.ts';
import { arrayIndex, type Doc, isArray, type Value } from '../values.ts';
import {
  type Call,
  collectionName,
  type Handler,
  type Handlers,
  NO_FILTER,
  namespaceOf,
  sessionOf,
} from './call.ts';
import { orderOf } from './hint.ts';

const FIND_REFUSED = 'collation let min max returnKey showRecordId tailable awaitData oplogReplay'.split(' ');

/** How a collection is searched. */
type Look = Parameters<Collection['find']>[1];

/** The documents that a filter matches in the call's collection; the filter is checked even without such a collection. */
export const matching = (call: Call, filter: Doc, options: Look = {}): Items =>
  matchingIn(call, collectionName(call), filter, options);

/** The same in another collection of the database. */
export function matchingIn(call: Call, name: string, filter: Doc, options: Look = {}): Items {
  const collection = call.store.collection(call.database, name);
  if (collection !== undefined) return collection.find(filter, options);
  compileFilter(filter);
  return nothing();
}

function* nothing(): Items {}

const find: Handler = (call) => {
  const { command } = call;
  const known = ['filter', 'projection', 'sort', 'skip', 'limit', 'batchSize', 'singleBatch', 'hint'];
  // Without effect in memory, on one server.
  const harmless = ['allowPartialResults', 'allowDiskUse'];
  checkCommand(command, 'find', [...known, ...harmless, 'noCursorTimeout'], FIND_REFUSED);
  const sort = compileSort(docArg(command, 'find', 'sort') ?? NO_FILTER);
  const skip = countArg(command, 'find', 'skip') ?? 0;
  const limit = countArg(command, 'find', 'limit') || Number.POSITIVE_INFINITY;
  const projection = docArg(command, 'find', 'projection') ?? NO_FILTER;
  const filter = docArg(command, 'find', 'filter') ?? NO_FILTER;
  const project = compileFindProjection(projection, filter);
  const order = orderOf(call, command.get('hint'), sort);
  const held: Held = { bytes: 0 };
  const backwards = order.natural === -1;
  const inside = projection.size > 0 || command.has('sort') || command.has('hint');
  const found = order.apply(matching(call, filter, { backwards, inside }), held);
  const page = cut(found, skip, limit);
  const answer = {
    namespace: namespaceOf(call),
    items: projection.size === 0 ? page : mapped(page, project),
    held,
    batchSize: countArg(command, 'find', 'batchSize'),
    singleBatch: flagArg(command, 'find', 'singleBatch'),
    noTimeout: flagArg(command, 'find', 'noCursorTimeout'),
    session: sessionOf(call),
  };
  return call.cursors.open(answer, call.job);
};

function cursorId(value: Value | undefined, where: string): Long {
  if (value instanceof Long) return value;
  throw wrongType(where, value, 'long');
}

const getMore: Handler = ({ command, database, cursors, job }) => {
  checkCommand(command, 'getMore', ['collection', 'batchSize']);
  if (command.has('maxTimeMS'))
    throw new CommandError(2, 'cannot set maxTimeMS on getMore command for a non-awaitData cursor');
  const namespace = `${database}.${textArg(command, 'getMore', 'collection')}`;
  const batchSize = countArg(command, 'getMore', 'batchSize');
  return cursors.more(cursorId(command.get('getMore'), 'getMore.getMore'), namespace, batchSize, job);
};

const killCursors = function* ({ command, cursors }: Call): Steps<Document> {
  checkCommand(command, 'killCursors', ['cursors']);
  const asked = required(command, 'killCursors', 'cursors');
  if (!isArray(asked)) throw wrongType('killCursors.cursors', asked, 'array');
  const ids = asked.map((id, index) => cursorId(id, `killCursors.cursors.${index}`));
  const [cursorsKilled, cursorsNotFound]: [Long[], Long[]] = [[], []];
  for (const id of ids) {
    (cursors.kill(id) ? cursorsKilled : cursorsNotFound).push(id);
    yield;
  }
  return {
    cursorsKilled,
    cursorsNotFound,
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  };
};

const count = function* (call: Call): Steps<Document> {
  const { command } = call;
  checkCommand(command, 'count', ['query', 'limit', 'skip', 'hint'], ['collation', 'fields']);
  orderOf(call, command.get('hint'));
  const filter = docArg(command, 'count', 'query') ?? NO_FILTER;
  const skip = countArg(command, 'count', 'skip') ?? 0;
  // A negative limit counts as positive: in old versions it meant a single batch.
  const limit = Math.abs(integerArg(command, 'count', 'limit') ?? 0) || Number.POSITIVE_INFINITY;
  const counted = filter.size === 0 ? sizeOf(call) : yield* countOf(matching(call, filter), skip + limit);
  return { n: Math.min(Math.max(counted - skip, 0), limit), ok: 1 };
};

const sizeOf = (call: Call): number => call.store.collection(call.database, collectionName(call))?.size ?? 0;

function* countOf(items: Items, enough: number): Steps<number> {
  let counted = 0;
  for (const item of items) {
    if (item !== undefined) counted++;
    if (counted >= enough) break;
    yield;
  }
  return counted;
}

const distinct = function* (call: Call): Steps<Document> {
  const { command } = call;
  checkCommand(command, 'distinct', ['key', 'query'], ['hint', 'collation']);
  const path = textArg(command, 'distinct', 'key').split('.');
  if (path.some((part) => arrayIndex(part) !== undefined))
    throw notSupported('distinct by position in an array');
  const [values, known]: [Raw[], Set<string>] = [[], new Set()];
  let size = 5;
  for (const item of matching(call, docArg(command, 'distinct', 'query') ?? NO_FILTER)) {
    yield;
    if (item === undefined) continue;
    for (const value of reach(item.doc, path, 'elements')) {
      const key = keyOf(value);
      if (value === undefined || known.has(key)) continue;
      known.add(key);
      const raw = rawOf(value);
      size += elementSize(raw.bytes, values.length);
      if (size > MAX_DOCUMENT) throw new CommandError(17217, 'distinct too big, 16mb cap');
      values.push(raw);
    }
  }
  return { values, ok: 1 };
};

export const READS: Handlers = { find, getMore, killCursors, count, distinct };
