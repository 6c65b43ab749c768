import { flagArg } from '../args.ts';
import { CommandError } from '../errors.ts';
import { type Doc, isArray, isDoc } from '../values.ts';

/** The commands of API version 1 (MongoDB manual, "Stable API"); those that the engine lacks are refused as always. */
const COMMANDS = new Set(
  (
    'abortTransaction aggregate authenticate collMod commitTransaction count create createIndexes delete drop dropDatabase dropIndexes ' +
    'endSessions explain find findAndModify findandmodify getMore hello insert killCursors listCollections listDatabases listIndexes logout ' +
    'ping refreshSessions saslContinue saslStart update'
  ).split(' '),
);
/** Fields of these commands that are not in the API. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  aggregate: ['exchange'],
  collMod: ['timeseries'],
  count: ['fields'],
  create: ['autoIndexId', 'idIndex', 'indexOptionDefaults', 'storageEngine'],
  find: 'awaitData max min noCursorTimeout oplogReplay returnKey showRecordId tailable'.split(' '),
};
const INDEX_OPTIONS = ['background', 'bucketSize', 'sparse', 'storageEngine'];
const STAGES =
  '$currentOp $indexStats $listLocalSessions $listSessions $planCacheStats $search $searchMeta'.split(' ');
const MANUAL = 'https://dochub.mongodb.org/core/manual-versioned-api';

/**
 * Checks a command against what its client declared: `apiVersion: "1"`, and with `apiStrict` nothing beyond that version (MongoDB manual, "Stable API").
 * @throws {CommandError} 322 for another version, 323 for a command or field that is not in it, 4886600 for a declaration without a version, 14
 */
export function checkStableApi(name: string, command: Doc): void {
  const version = command.get('apiVersion');
  const strict = flagArg(command, name, 'apiStrict');
  const strictOrDeprecation = flagArg(command, name, 'apiDeprecationErrors') || strict;
  if (version === undefined && strictOrDeprecation)
    throw new CommandError(
      4886600,
      'Provided apiStrict and/or apiDeprecationErrors without passing apiVersion',
    );
  if (version === undefined) return;
  if (typeof version !== 'string')
    throw new CommandError(14, "BSON field 'apiVersion' is the wrong type, expected type 'string'");
  if (version !== '1') throw new CommandError(322, 'API version must be "1"');
  if (!strict) return;
  const beyond = beyondTheApi(name, command);
  if (beyond !== undefined) throw new CommandError(323, beyond);
}

function beyondTheApi(name: string, command: Doc): string | undefined {
  if (!COMMANDS.has(name)) {
    return `Provided apiStrict:true, but the command ${name} is not in API Version 1. Information on supported commands and migrations in API Version 1 can be found at ${MANUAL}`;
  }
  const field = FIELDS[name]?.find((one) => command.has(one));
  if (field !== undefined) return `BSON field '${name}.${field}' is not allowed with apiStrict:true.`;
  const option = INDEX_OPTIONS.find((one) => docsIn(command, 'indexes').some((index) => index.has(one)));
  if (option !== undefined)
    return `BSON field 'createIndexes.indexes.${option}' is not allowed with apiStrict:true.`;
  const stage = docsIn(command, 'pipeline').find(isUnstable);
  if (stage === undefined) return undefined;
  return `stage ${[...stage.keys()][0]} is not allowed with 'apiStrict: true' in API Version 1`;
}

/** Whether the API excludes a stage: `$collStats` may only count. */
const isUnstable = (stage: Doc): boolean => {
  const [[name, arg] = ['']] = stage;
  return (
    STAGES.includes(name) ||
    (name === '$collStats' && isDoc(arg) && [...arg.keys()].some((one) => one !== 'count'))
  );
};

function docsIn(command: Doc, field: string): readonly Doc[] {
  const value = command.get(field);
  return isArray(value) ? value.filter(isDoc) : [];
}
