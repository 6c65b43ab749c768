import { CommandError, notSupported } from './errors.ts';
import { toNumber } from './numbers.ts';
import { aliasOf, type Doc, type Found, isArray, isDoc, isNumeric, show, type Value } from './values.ts';

/**
 * Fields that any command may have and that change nothing here: who asks, how long it may take, how safely to write
 * (one server in memory answers every write concern alike; `checkConcerns` checks the exceptions).
 */
const HARMLESS = (
  '$db lsid $clusterTime $readPreference writeConcern readConcern comment maxTimeMS ' +
  'apiVersion apiStrict apiDeprecationErrors'
).split(' ');

/**
 * Refuses the fields of a command, or of a part of it, beyond `known`. `where` is its name in messages (`find`,
 * `update.updates`); `refused` are mongod's own fields that the engine lacks.
 * @throws {CommandError} 238 for one of `refused`, 40415 for a field that mongod lacks, too
 */
export function checkFields(
  args: Doc,
  where: string,
  known: readonly string[],
  refused: readonly string[] = [],
): void {
  for (const [name, value] of args) {
    if (refused.includes(name) && asksForSomething(name, value))
      throw notSupported(`the field '${where}.${name}'`);
    if (!known.includes(name) && !refused.includes(name)) {
      throw new CommandError(40415, `BSON field '${where}.${name}' is an unknown field.`);
    }
  }
}

/** Drivers up to version 3 send `returnKey: false` and the like: a field that asks for nothing is not refused. */
const asksForSomething = (name: string, value: Value) =>
  value !== false && value !== null && !(name === 'collation' && isSimple(value));

/** The collation that changes nothing: texts compare by their bytes. */
const isSimple = (collation: Value) =>
  isDoc(collation) && collation.size === 1 && collation.get('locale') === 'simple';

/** checkFields for a whole command, whose name is its first field. */
export function checkCommand(
  command: Doc,
  name: string,
  known: readonly string[],
  refused: readonly string[] = [],
): void {
  checkFields(command, name, [name, ...HARMLESS, ...known], refused);
  checkConcerns(command);
}

function checkConcerns(command: Doc): void {
  const write = docArg(command, 'writeConcern', 'writeConcern');
  const w = write?.get('w');
  if (isNumeric(w) && toNumber(w) > 1) {
    throw new CommandError(2, "cannot use 'w' > 1 when a host is not replicated");
  }
  const level = docArg(command, 'readConcern', 'readConcern')?.get('level') ?? 'local';
  if (level === 'linearizable' || level === 'snapshot') throw notSupported(`read concern ${level}`);
  if (level !== 'local' && level !== 'available' && level !== 'majority') {
    throw new CommandError(
      2,
      `Enumeration value ${show(level)} for field 'readConcern.level' is not a valid value.`,
    );
  }
}

export function wrongType(where: string, found: Found, expected: string): CommandError {
  const actual = aliasOf(found);
  return new CommandError(
    14,
    `BSON field '${where}' is the wrong type '${actual}', expected type '${expected}'`,
  );
}

/** The value of a required field. @throws {CommandError} 40414 when it is absent */
export function required(args: Doc, where: string, name: string): Value {
  const value = args.get(name);
  if (value !== undefined) return value;
  throw new CommandError(40414, `BSON field '${where}.${name}' is missing but a required field`);
}

/** The value of a field. null counts as absent: drivers write an undefined option as null (MongoDB source, IDLParserContext). */
export const given = (args: Doc, name: string): Found => args.get(name) ?? undefined;

/** The document in a field, or undefined when the field is absent. @throws {CommandError} 14 for another type */
export const docArg = (args: Doc, where: string, name: string): Doc | undefined =>
  given(args, name) === undefined ? undefined : requiredDoc(args, where, name);

/** The document in a required field. @throws {CommandError} 40414 when absent, 14 for another type */
export function requiredDoc(args: Doc, where: string, name: string): Doc {
  const value = required(args, where, name);
  if (isDoc(value)) return value;
  throw wrongType(`${where}.${name}`, value, 'object');
}

/** The documents in a required array field. @throws {CommandError} 40414 when absent, 14 for another type */
export function docsArg(args: Doc, where: string, name: string): readonly Doc[] {
  const value = required(args, where, name);
  if (!isArray(value)) throw wrongType(`${where}.${name}`, value, 'array');
  return value.map((element, index) => {
    if (isDoc(element)) return element;
    throw wrongType(`${where}.${name}.${index}`, element, 'object');
  });
}

/** The most writes that one command may have (MongoDB manual, "MongoDB Limits and Thresholds"). */
const MAX_WRITES = 100_000;

/** docsArg for the writes of a command. @throws {CommandError} 16 for none or too many */
export function writesArg(args: Doc, where: string, name: string): readonly Doc[] {
  const writes = docsArg(args, where, name);
  if (writes.length > 0 && writes.length <= MAX_WRITES) return writes;
  throw new CommandError(
    16,
    `Write batch sizes must be between 1 and ${MAX_WRITES}. Got ${writes.length} operations.`,
  );
}

/** The text in a required field. @throws {CommandError} 40414 when absent, 14 for another type */
export function textArg(args: Doc, where: string, name: string): string {
  const value = required(args, where, name);
  if (typeof value === 'string') return value;
  throw wrongType(`${where}.${name}`, value, 'string');
}

/** The whole number in a field, or undefined when absent. As in mongod fractions are cut off, and NaN is 0. @throws {CommandError} 14 */
export function integerArg(args: Doc, where: string, name: string): number | undefined {
  const value = given(args, name);
  if (value === undefined) return undefined;
  if (!isNumeric(value)) throw wrongType(`${where}.${name}`, value, '[long, int, decimal, double]');
  return Math.trunc(toNumber(value)) || 0;
}

/** integerArg for a value that cannot be less than 0. @throws {CommandError} 14, or 51024 below 0 */
export function countArg(args: Doc, where: string, name: string): number | undefined {
  const count = integerArg(args, where, name);
  if (count === undefined) return undefined;
  if (count >= 0) return count;
  throw new CommandError(51024, `BSON field '${name}' value must be >= 0, actual value '${count}'`);
}

/** The flag in a field, `absent` without it; numbers count as flags. @throws {CommandError} 14 for another type */
export function flagArg(args: Doc, where: string, name: string, absent = false): boolean {
  const value = given(args, name);
  if (value === undefined) return absent;
  if (typeof value === 'boolean') return value;
  if (isNumeric(value)) return toNumber(value) !== 0;
  throw wrongType(`${where}.${name}`, value, 'bool');
}
