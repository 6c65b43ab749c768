import { BSONRegExp } from 'bson';
import { keyOf } from './compare.ts';
import { CommandError } from './errors.ts';
import { toNumber } from './numbers.ts';
import { childOf } from './paths.ts';
import { compilePush } from './push.ts';
import { compileFilter } from './query.ts';
import type { Alter, Operator } from './update-operator.ts';
import { equals, isOperators } from './value-tests.ts';
import {
  aliasOf,
  arrayIndex,
  type Doc,
  type Found,
  isArray,
  isDoc,
  isNumeric,
  show,
  type Value,
} from './values.ts';

/** The update operators for arrays (MongoDB manual, "Array Update Operators"). */
export const ARRAY_OPERATORS: Readonly<Record<string, Operator>> = {
  $push: compilePush,
  $addToSet: addToSet,
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
};

function addToSet(operand: Value, field: string): Alter {
  const added = eachOf(operand);
  return (old) => {
    if (old !== undefined && !isArray(old)) {
      throw new CommandError(
        2,
        `Cannot apply $addToSet to non-array field. Field named '${field.split('.').at(-1)}' has non-array type ${aliasOf(old)}`,
      );
    }
    const known = new Set((old ?? []).map(keyOf));
    const fresh = added.filter((value) => !known.has(keyOf(value)) && known.add(keyOf(value)));
    return fresh.length === 0 && old !== undefined ? old : [...(old ?? []), ...fresh];
  };
}

function eachOf(operand: Value): readonly Value[] {
  if (!isDoc(operand) || [...operand.keys()][0] !== '$each') return [operand];
  const each = operand.get('$each');
  if (!isArray(each)) {
    throw new CommandError(
      14,
      `The argument to $each in $addToSet must be an array but it was of type ${aliasOf(each)}`,
    );
  }
  if (operand.size === 1) return each;
  throw new CommandError(2, `Found unexpected fields after $each in $addToSet: ${show(operand)}`);
}

/** Removes elements that equal a value, that a filter matches when it is a document, or that operators accept. */
function pull(operand: Value): Alter {
  return without(tester(operand));
}

function tester(operand: Value): (element: Value) => boolean {
  if (operand instanceof BSONRegExp || (isOperators(operand) && !isWholeFilter(operand))) {
    const matches = compileFilter(new Map([['', operand]]));
    return (element) => matches(new Map([['', element]]));
  }
  if (!isDoc(operand)) return equals(operand);
  const matches = compileFilter(operand);
  return (element) => isDoc(element) && matches(element);
}

/** `{ $or: […] }` is for documents, `{ $gt: 1 }` for any element. */
const isWholeFilter = (operand: Doc): boolean =>
  ['$and', '$or', '$nor', '$expr', '$where', '$comment'].includes([...operand.keys()][0] ?? '');

function pullAll(operand: Value): Alter {
  if (!isArray(operand))
    throw new CommandError(2, `$pullAll requires an array argument but was given a ${aliasOf(operand)}`);
  const values = new Set(operand.map(keyOf));
  return without((element) => values.has(keyOf(element)));
}

const without =
  (goes: (element: Value) => boolean): Alter =>
  (old) => {
    if (old === undefined) return undefined;
    if (!isArray(old)) throw new CommandError(2, 'Cannot apply $pull to a non-array value');
    return old.some(goes) ? old.filter((element) => !goes(element)) : old;
  };

function pop(operand: Value, field: string): Alter {
  if (!isNumeric(operand)) throw new CommandError(9, `Expected a number in: ${field}: ${show(operand)}`);
  const end = toNumber(operand);
  if (end !== 1 && end !== -1) throw new CommandError(9, `$pop expects 1 or -1, found: ${show(operand)}`);
  return (old, before) => {
    if (old === undefined) return checkViable(before, field);
    if (!isArray(old)) {
      throw new CommandError(14, `Path '${field}' contains an element of non-array type '${aliasOf(old)}'`);
    }
    return end === 1 ? old.slice(0, -1) : old.slice(1);
  };
}

/** When a path leads through a text or a number, other operators remove nothing, and `$pop` fails. @throws {CommandError} 28 */
function checkViable(doc: Doc, field: string): undefined {
  let value: Found = doc;
  let name = '';
  for (const part of field.split('.')) {
    const index: number | undefined = isArray(value) ? arrayIndex(part) : undefined;
    if (value !== undefined && !isDoc(value) && index === undefined) {
      throw new CommandError(
        28,
        `Cannot use the part (${part}) of (${field}) to traverse the element ({${name}: ${show(value)}})`,
      );
    }
    value = childOf(value, part);
    name = part;
  }
}
