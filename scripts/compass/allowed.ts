import { BSON, type Document } from 'mongodb';

/** The commands that Compass sends to show data. Commands on no list here are refused. */
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
/** Commands that change documents. Those that change databases, collections, indexes or users are not allowed. */
const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify']);
/** The aggregation stages that write. */
const WRITING_STAGES = ['$out', '$merge'];

/**
 * The reason why a command is refused, as text for Compass; undefined when it is allowed. The page hides buttons, but only this
 * function protects the database.
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

/** Finds a writing stage in the command's pipelines, at any depth: in an explain, a $lookup, a $facet. */
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
