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
  const stage = WRITING_STAGES.find((each) => stagesOf(command).includes(each));
  return stage && `${stage} is refused: npm run compass lets no aggregation write.`;
}

/** The names of the pipeline's stages, also inside an explain. */
function stagesOf(command: Document): string[] {
  const { pipeline } = isDocument(command.explain) ? command.explain : command;
  return Array.isArray(pipeline) ? pipeline.filter(isDocument).flatMap((stage) => Object.keys(stage)) : [];
}

function isDocument(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !(value instanceof BSON.BSONValue);
}
