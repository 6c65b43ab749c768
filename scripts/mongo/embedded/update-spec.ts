import { compare } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import {
  arrayIndex,
  type Doc,
  type Found,
  isArray,
  isDoc,
  isNumeric,
  show,
  typeOf,
  type Value,
} from './values.ts';

/** One field that an update changes. */
export interface Change {
  readonly operator: '$set' | '$unset' | '$setOnInsert' | '$inc';
  readonly path: readonly string[];
  readonly operand: Value;
}

/** A compiled update: a whole new document, or changes to fields. */
export type Update =
  | { readonly kind: 'replace'; readonly document: Doc }
  | { readonly kind: 'change'; readonly changes: readonly Change[] };

const SUPPORTED = ['$set', '$unset', '$setOnInsert', '$inc'] as const;
const REFUSED = [
  '$push',
  '$pull',
  '$addToSet',
  '$pop',
  '$pullAll',
  '$mul',
  '$min',
  '$max',
  '$rename',
  '$currentDate',
  '$bit',
];

/**
 * Compiles what an update says (MongoDB manual, "Update Operators").
 * @throws {CommandError} 9 for an unknown operator, 40 for two changes of one path, 56, 52 and 14 for bad paths and operands,
 * 238 for mongod's operators that the engine lacks
 */
export function compileUpdate(update: Found): Update {
  if (isArray(update)) throw notSupported('an update with an aggregation pipeline');
  if (!isDoc(update)) throw new CommandError(9, 'Update argument must be either an object or an array');
  const [first] = update.keys();
  if (!first?.startsWith('$')) return { kind: 'replace', document: replacement(update) };
  const changes = [...update].flatMap(([operator, fields]) => changesOf(operator, fields)).sort(byPath);
  for (const [index, change] of changes.entries()) checkConflict(changes[index - 1], change);
  return { kind: 'change', changes };
}

function replacement(document: Doc): Doc {
  for (const name of document.keys()) {
    if (name.startsWith('$')) {
      throw new CommandError(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
    }
  }
  return document;
}

function changesOf(name: string, fields: Value): Change[] {
  const operator = SUPPORTED.find((supported) => supported === name);
  if (REFUSED.includes(name)) throw notSupported(`the update operator ${name}`);
  if (operator === undefined) {
    throw new CommandError(
      9,
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!isDoc(fields)) {
    throw new CommandError(
      9,
      `Modifiers operate on fields but we found type ${typeOf(fields).alias} instead. For example: {$mod: {<field>: ...}} not {${name}: ${show(fields)}}`,
    );
  }
  return [...fields].map(([field, operand]) => {
    if (operator === '$inc' && !isNumeric(operand)) {
      throw new CommandError(14, `Cannot increment with non-numeric argument: {${field}: ${show(operand)}}`);
    }
    return { operator, path: updatePath(field), operand };
  });
}

function updatePath(field: string): readonly string[] {
  const path = field.split('.');
  if (path.includes('')) {
    throw new CommandError(
      56,
      `The update path '${field}' contains an empty field name, which is not allowed.`,
    );
  }
  if (path.some((part) => part === '$' || part.startsWith('$[')))
    throw notSupported(`the positional path '${field}'`);
  const dollar = path.find((part) => part.startsWith('$'));
  if (dollar === undefined) return path;
  throw new CommandError(
    52,
    `The dollar ($) prefixed field '${dollar}' in '${field}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
  );
}

/** Fields are changed, and so new ones appended, in the order of their names, positions by number (MongoDB manual, "Update Operators"). */
function byPath(a: Change, b: Change): number {
  for (let i = 0; i < Math.min(a.path.length, b.path.length); i++) {
    const [x, y] = [a.path[i] as string, b.path[i] as string];
    const [p, q] = [arrayIndex(x), arrayIndex(y)];
    const order = p !== undefined && q !== undefined ? p - q : compare(x, y);
    if (order !== 0) return order;
  }
  return a.path.length - b.path.length;
}

/** Sorted by path, a path and one below it are neighbours, the shorter first. */
function checkConflict(before: Change | undefined, change: Change): void {
  if (before?.path.every((part, index) => part === change.path[index])) {
    throw new CommandError(
      40,
      `Updating the path '${change.path.join('.')}' would create a conflict at '${before.path.join('.')}'`,
    );
  }
}
