import type { Document } from 'bson';

/** The names of codes that this server, or the fault proxy, answers with (MongoDB source, error_codes.yml). */
const CODE_NAMES = new Map<number, string>([
  [1, 'InternalError'],
  [2, 'BadValue'],
  [6, 'HostUnreachable'],
  [7, 'HostNotFound'],
  [9, 'FailedToParse'],
  [13, 'Unauthorized'],
  [14, 'TypeMismatch'],
  [15, 'Overflow'],
  [16, 'InvalidLength'],
  [17, 'ProtocolError'],
  [18, 'AuthenticationFailed'],
  [20, 'IllegalOperation'],
  [26, 'NamespaceNotFound'],
  [27, 'IndexNotFound'],
  [28, 'PathNotViable'],
  [40, 'ConflictingUpdateOperators'],
  [43, 'CursorNotFound'],
  [48, 'NamespaceExists'],
  [50, 'MaxTimeMSExpired'],
  [52, 'DollarPrefixedFieldName'],
  [53, 'InvalidIdField'],
  [54, 'NotSingleValueField'],
  [56, 'EmptyFieldName'],
  [59, 'CommandNotFound'],
  [66, 'ImmutableField'],
  [67, 'CannotCreateIndex'],
  [72, 'InvalidOptions'],
  [73, 'InvalidNamespace'],
  [76, 'NoReplicationEnabled'],
  [85, 'IndexOptionsConflict'],
  [86, 'IndexKeySpecsConflict'],
  [89, 'NetworkTimeout'],
  [91, 'ShutdownInProgress'],
  [96, 'OperationFailed'],
  [112, 'WriteConflict'],
  [168, 'InvalidPipelineOperator'],
  [171, 'CannotIndexParallelArrays'],
  [175, 'QueryPlanKilled'],
  [181, 'AmbiguousIndexKeyPattern'],
  [189, 'PrimarySteppedDown'],
  [197, 'InvalidIndexSpecificationOption'],
  [224, 'QueryFeatureNotAllowed'],
  [237, 'CursorKilled'],
  [238, 'NotImplemented'],
  [241, 'ConversionFailure'],
  [292, 'CursorInUse'],
  [322, 'APIVersionError'],
  [323, 'APIStrictError'],
  [334, 'MechanismUnavailable'],
  [352, 'UnsupportedOpQueryCommand'],
  [10107, 'NotWritablePrimary'],
  [10334, 'BSONObjectTooLarge'],
  [11000, 'DuplicateKey'],
  [11600, 'InterruptedAtShutdown'],
  [13435, 'NotPrimaryNoSecondaryOk'],
]);

/**
 * An error reply to a command, or to one write of it.
 * `code` and its name are mongod's; `extra` holds further reply fields (`keyPattern`, `keyValue`).
 */
export class CommandError extends Error {
  readonly code: number;
  readonly extra: Document;
  constructor(code: number, message: string, extra: Document = {}) {
    super(message);
    this.name = 'CommandError';
    this.code = code;
    this.extra = extra;
  }

  /** The whole command failed: `{ ok: 0, errmsg, code, codeName }` (MongoDB manual, "Command Response"). */
  toReply(): Document {
    return { ok: 0, errmsg: this.message, code: this.code, codeName: codeNameOf(this.code), ...this.extra };
  }

  /** One write of a batch failed: an entry of `writeErrors`. `index` counts the writes from 0. */
  toWriteError(index: number): Document {
    return { index, code: this.code, ...this.extra, errmsg: this.message };
  }
}

/** mongod names a code without a name by its number. */
export const codeNameOf = (code: number): string => CODE_NAMES.get(code) ?? `Location${code}`;

const LACKING = ' is not supported by the embedded engine; a real mongod has it';

/** For what mongod supports and the embedded engine does not: code 238 and a sentence that names it. */
export const notSupported = (what: string): CommandError => new CommandError(238, `${what}${LACKING}`);

/** What the engine lacks, from the message of an error 238, such as "the pipeline stage $lookup". */
export const lacking = (message: string): string =>
  message.replace(/^.* :: caused by :: /, '').replace(LACKING, '');
