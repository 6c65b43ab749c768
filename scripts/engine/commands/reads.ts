import { BSON, Long } from 'bson';
import { checkCommand, countArg, docArg, flagArg, textArg } from '../args.ts';
import { MAX_DOCUMENT } from '../codec.ts';
import { keyOf } from '../compare.ts';
import { CommandError, notSupported } from '../errors.ts';
import { reach } from '../paths.ts';
import { compileProjection } from '../projection.ts';
import { compileFilter } from '../query.ts';
import { sortDocs } from '../sort.ts';
import { arrayIndex, type Doc, isArray, type Value } from '../values.ts';
import { type Call, collectionName, type Handler, type Handlers, NO_FILTER, namespaceOf } from './call.ts';
import { checkHint } from './hint.ts';

const FIND_REFUSED = 'collation let min max returnKey showRecordId tailable awaitData oplogReplay'.split(' ');

/** What a filter matches in the call's collection; the filter is checked even when there is no such collection. */
export function matching(call: Call, filter: Doc, limit?: number): Doc[] {
  compileFilter(filter);
  return call.store.collection(call.database, collectionName(call))?.find(filter, limit) ?? [];
}

const find: Handler = (call) => {
  const { command } = call;
  const known = ['filter', 'projection', 'sort', 'skip', 'limit', 'batchSize', 'singleBatch', 'hint'];
  // Without effect in memory: on one server, with cursors that hold their documents.
  const harmless = ['noCursorTimeout', 'allowPartialResults', 'allowDiskUse'];
  checkCommand(command, 'find', [...known, ...harmless], FIND_REFUSED);
  const sort = docArg(command, 'find', 'sort') ?? NO_FILTER;
  const skip = countArg(command, 'find', 'skip') ?? 0;
  const end = skip + (countArg(command, 'find', 'limit') || Number.POSITIVE_INFINITY);
  const project = compileProjection(docArg(command, 'find', 'projection') ?? NO_FILTER);
  const filter = docArg(command, 'find', 'filter') ?? NO_FILTER;
  checkHint(call, command.get('hint'));
  const found = matching(call, filter, sort.size === 0 ? end : undefined);
  return call.cursors.open({
    namespace: namespaceOf(call),
    docs: sortDocs(found, sort).slice(skip, end).map(project),
    batchSize: countArg(command, 'find', 'batchSize'),
    singleBatch: flagArg(command, 'find', 'singleBatch'),
  });
};

function cursorId(value: Value | undefined): Long {
  if (value instanceof Long) return value;
  throw new CommandError(14, "BSON field 'getMore.getMore' is the wrong type, expected type 'long'");
}

const getMore: Handler = ({ command, database, cursors }) => {
  checkCommand(command, 'getMore', ['collection', 'batchSize']);
  const namespace = `${database}.${textArg(command, 'getMore', 'collection')}`;
  return cursors.more(cursorId(command.get('getMore')), namespace, countArg(command, 'getMore', 'batchSize'));
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

const count: Handler = (call) => {
  const { command } = call;
  checkCommand(command, 'count', ['query', 'limit', 'skip', 'hint'], ['collation', 'fields']);
  checkHint(call, command.get('hint'));
  const filter = docArg(command, 'count', 'query') ?? NO_FILTER;
  const skip = countArg(command, 'count', 'skip') ?? 0;
  const limit = countArg(command, 'count', 'limit') || Number.POSITIVE_INFINITY;
  return { n: matching(call, filter, skip + limit).slice(skip).length, ok: 1 };
};

const distinct: Handler = (call) => {
  const { command } = call;
  checkCommand(command, 'distinct', ['key', 'query'], ['hint', 'collation']);
  const path = textArg(command, 'distinct', 'key').split('.');
  if (path.some((part) => arrayIndex(part) !== undefined))
    throw notSupported('distinct by position in an array');
  const values = new Map<string, Value>();
  for (const doc of matching(call, docArg(command, 'distinct', 'query') ?? NO_FILTER)) {
    for (const value of reach(doc, path, 'elements')) {
      if (value !== undefined && !values.has(keyOf(value))) values.set(keyOf(value), value);
    }
  }
  const found = { values: [...values.values()], ok: 1 };
  if (BSON.calculateObjectSize(found) <= MAX_DOCUMENT) return found;
  throw new CommandError(17217, 'distinct too big, 16mb cap');
};

export const READS: Handlers = { find, getMore, killCursors, count, distinct };
