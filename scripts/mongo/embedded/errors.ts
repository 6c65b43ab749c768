import type { Document } from 'bson';

/** Codes this server answers with, and their names (MongoDB source, error_codes.yml). */
const CODE_NAMES = new Map<number, string>([
  [2, 'BadValue'],
  [9, 'FailedToParse'],
  [13, 'Unauthorized'],
  [14, 'TypeMismatch'],
  [15, 'Overflow'],
  [18, 'AuthenticationFailed'],
  [20, 'IllegalOperation'],
  [26, 'NamespaceNotFound'],
  [27, 'IndexNotFound'],
  [28, 'PathNotViable'],
  [40, 'ConflictingUpdateOperators'],
  [43, 'CursorNotFound'],
  [48, 'NamespaceExists'],
  [52, 'DollarPrefixedFieldName'],
  [53, 'InvalidIdField'],
  [54, 'NotSingleValueField'],
  [56, 'EmptyFieldName'],
  [59, 'CommandNotFound'],
  [66, 'ImmutableField'],
  [67, 'CannotCreateIndex'],
  [72, 'InvalidOptions'],
  [73, 'InvalidNamespace'],
  [85, 'IndexOptionsConflict'],
  [86, 'IndexKeySpecsConflict'],
  [171, 'CannotIndexParallelArrays'],
  [197, 'InvalidIndexSpecificationOption'],
  [238, 'NotImplemented'],
  [352, 'UnsupportedOpQueryCommand'],
  [10334, 'BSONObjectTooLarge'],
  [11000, 'DuplicateKey'],
]);

/**
 * A command, or one write of it, that is answered with an error.
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
    // mongod names a code without a name of its own after its number.
    const codeName = CODE_NAMES.get(this.code) ?? `Location${this.code}`;
    return { ok: 0, errmsg: this.message, code: this.code, codeName, ...this.extra };
  }

  /** One write of a batch failed: an entry of `writeErrors`. `index` counts the writes from 0. */
  toWriteError(index: number): Document {
    return { index, code: this.code, ...this.extra, errmsg: this.message };
  }
}

/** mongod would do this, the embedded engine does not: code 238 and a sentence that says so. */
export function notSupported(what: string): CommandError {
  return new CommandError(238, `${what} is not supported by the embedded engine; a real mongod has it`);
}
