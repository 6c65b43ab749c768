import { ARRAY_OPERATORS } from './array-operators.ts';
import { compare } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { FIELD_OPERATORS } from './field-operators.ts';
import { renamed } from './rename.ts';
import type { Alter, Operator } from './update-operator.ts';
import { arrayIndex, type Doc, type Found, isArray, isDoc, show, typeOf, type Value } from './values.ts';

/** One field that an update changes. */
export interface Change {
  readonly path: readonly string[];
  readonly alter: Alter;
  readonly onlyOnInsert: boolean;
}

/** A compiled update: a whole new document, or changes to fields. */
export type Update =
  | { readonly kind: 'replace'; readonly document: Doc }
  | { readonly kind: 'change'; readonly changes: readonly Change[] };

const OPERATORS = new Map<string, Operator>([...FIELD_OPERATORS, ...ARRAY_OPERATORS]);

/**
 * Compiles what an update says (MongoDB manual, "Update Operators").
 * @throws {CommandError} 9 for an unknown operator, 40 for two changes of one path, 56, 52 and 14 for bad paths and operands,
 * 238 for what only the engine refuses
 */
export function compileUpdate(update: Found): Update {
  if (isArray(update)) throw notSupported('an update with an aggregation pipeline');
  if (!isDoc(update)) throw new CommandError(9, 'Update argument must be either an object or an array');
  const [first] = update.keys();
  if (!first?.startsWith('$')) return { kind: 'replace', document: replacement(update) };
  const changes = [...update].flatMap(([name, fields]) => changesOf(name, fields)).sort(byPath);
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
  const operator = OPERATORS.get(name);
  if (name === '$bit') throw notSupported('the update operator $bit');
  if (operator === undefined && name !== '$rename') {
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
  const onlyOnInsert = name === '$setOnInsert';
  return [...fields].flatMap(([field, operand]): Change[] => {
    const path = updatePath(field);
    if (operator !== undefined) return [{ path, alter: operator(operand, field), onlyOnInsert }];
    if (typeof operand !== 'string')
      throw new CommandError(2, `The 'to' field for $rename must be a string: ${field}: ${show(operand)}`);
    return renamed(path, updatePath(operand)).map((change) => ({ ...change, onlyOnInsert }));
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
