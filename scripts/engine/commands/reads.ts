import { type Document, Long } from 'bson';
import { checkCommand, countArg, docArg, flagArg, integerArg, textArg } from '../args.ts';
import { keyOf } from '../compare.ts';
import { CommandError, notSupported } from '../errors.ts';
import { compileFindProjection } from '../find-projection.ts';
import type { Held, Items } from '../item.ts';
import { Values } from '../long-replies.ts';
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
  type Reply,
  sessionOf,
} from './call.ts';
import { checkHint } from './hint.ts';

const FIND_REFUSED = 'collation let min max returnKey showRecordId tailable awaitData oplogReplay'.split(' ');

/** What a filter matches in the call's collection; the filter is checked even when there is no such collection. */
export const matching = (call: Call, filter: Doc, backwards = false): Items =>
  matchingIn(call, collectionName(call), filter, backwards);

/** The same in another collection of the database. */
export function matchingIn(call: Call, name: string, filter: Doc, backwards = false): Items {
  const collection = call.store.collection(call.database, name);
  if (collection !== undefined) return collection.find(filter, backwards);
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
  const hint = checkHint(call, command.get('hint'));
  const held: Held = { bytes: 0 };
  const found = sort.apply(matching(call, filter, (sort.natural ?? hint) === -1), held);
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

function cursorId(value: Value | undefined): Long {
  if (value instanceof Long) return value;
  throw new CommandError(14, "BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
}

const getMore: Handler = ({ command, database, cursors, job }) => {
  checkCommand(command, 'getMore', ['collection', 'batchSize']);
  if (command.has('maxTimeMS'))
    throw new CommandError(2, 'cannot set maxTimeMS on getMore command for a non-awaitData cursor');
  const namespace = `${database}.${textArg(command, 'getMore', 'collection')}`;
  const batchSize = countArg(command, 'getMore', 'batchSize');
  return cursors.more(cursorId(command.get('getMore')), namespace, batchSize, job);
};

const killCursors: Handler = ({ command, cursors }) => {
  checkCommand(command, 'killCursors', ['cursors']);
  const asked = command.get('cursors');
  const ids = (isArray(asked) ? asked : []).map(cursorId);
  const killed = ids.map((id) => cursors.kill(id));
  return {
    cursorsKilled: ids.filter((_, index) => killed[index]),
    cursorsNotFound: ids.filter((_, index) => !killed[index]),
    cursorsAlive: [],
    cursorsUnknown: [],
    ok: 1,
  };
};

const count = function* (call: Call): Steps<Document> {
  const { command } = call;
  checkCommand(command, 'count', ['query', 'limit', 'skip', 'hint'], ['collation', 'fields']);
  checkHint(call, command.get('hint'));
  const filter = docArg(command, 'count', 'query') ?? NO_FILTER;
  const skip = countArg(command, 'count', 'skip') ?? 0;
  // A limit below 0 is the same above it: once it meant a single batch.
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

const distinct = function* (call: Call): Steps<Reply> {
  const { command } = call;
  checkCommand(command, 'distinct', ['key', 'query'], ['hint', 'collation']);
  const path = textArg(command, 'distinct', 'key').split('.');
  if (path.some((part) => arrayIndex(part) !== undefined))
    throw notSupported('distinct by position in an array');
  const [values, known] = [new Values(), new Set<string>()];
  for (const item of matching(call, docArg(command, 'distinct', 'query') ?? NO_FILTER)) {
    yield;
    if (item === undefined) continue;
    for (const value of reach(item.doc, path, 'elements')) {
      const key = keyOf(value);
      if (value === undefined || known.has(key)) continue;
      known.add(key);
      values.add(value);
    }
  }
  return yield* values.reply();
};

export const READS: Handlers = { find, getMore, killCursors, count, distinct };
