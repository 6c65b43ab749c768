import { BSON, type Document } from 'mongodb';

/** What Compass asks in order to show something. Everything that is not on a list here is refused. */
const READS = new Set([
  'aggregate',
  'atlasVersion',
  'buildInfo',
  'buildinfo',
  'collStats',
  'connectionStatus',
  'count',
  'dbStats',
  'distinct',
  'explain',
  'find',
  'getCmdLineOpts',
  'getLog',
  'getMore',
  'getParameter',
  'hello',
  'hostInfo',
  'isMaster',
  'ismaster',
  'killCursors',
  'listCollections',
  'listDatabases',
  'listIndexes',
  'ping',
  'serverStatus',
  'top',
]);
/** Changes of documents, none of databases, collections, indexes or users. */
const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify']);
/** The only stages that write. */
const WRITING_STAGES = ['$out', '$merge'];

/**
 * Why a command does not pass, in words that Compass shows; undefined when it may. This, not what the page shows or hides,
 * is what keeps a database safe.
 */
export function refusal(command: Document, mayWrite: boolean): string | undefined {
  const name = Object.keys(command)[0] ?? '';
  if (WRITES.has(name) && !mayWrite)
    return `${name} is refused: npm run compass only reads the database of your MONGODB_URI.`;
  if (!READS.has(name) && !WRITES.has(name))
    return `${name} is refused: npm run compass shows documents, and changes nothing around them.`;
  const stage = writingStage(command);
  return stage && `${stage} is refused: npm run compass lets no aggregation write.`;
}

/** A writing stage in a pipeline of the command, however deep: inside an explain, a $lookup, a $facet. */
function writingStage(value: unknown): string | undefined {
  if (Array.isArray(value)) {
    const names = value.filter(isDocument).flatMap((stage) => Object.keys(stage));
    return WRITING_STAGES.find((each) => names.includes(each)) ?? first(value);
  }
  return isDocument(value) ? first(Object.values(value)) : undefined;
}

function first(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const found = writingStage(value);
    if (found) return found;
  }
  return undefined;
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !(value instanceof BSON.BSONValue);
}
