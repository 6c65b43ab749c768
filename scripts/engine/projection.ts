import { CommandError } from './errors.ts';
import { isOperatorName } from './expression-operators.ts';
import { compileExpression, type Expression } from './expressions.ts';
import { fieldPath } from './field-path.ts';
import { compute, omit, pick, plant, type Tree } from './field-tree.ts';
import { toNumber } from './numbers.ts';
import { type Doc, isDoc, isNumeric, show, type Value } from './values.ts';

/** One path of a projection: included, excluded, or computed. */
interface Wish {
  readonly name: string;
  readonly wants: boolean | Expression;
  /** The value that an expression was compiled from. */
  readonly from: Value;
}

/**
 * Compiles a projection that includes, excludes or computes fields, also by dotted paths (MongoDB manual, "Project Fields").
 * @throws {CommandError} 31252 to 31254 and 31310 for a mixture, 31249 and 31250 for colliding paths, 31324 for a positional one, 31325 for an unknown
 * operator, 51270 for an empty document, 16410 and others for an invalid path
 */
export function compileProjection(projection: Doc): (doc: Doc) => Doc {
  const wishes = wishesOf(projection, '', true);
  // The first field decides, except `_id: 0` or `_id: 1`, which any projection may have.
  const first = wishes.find(({ name, wants }) => name !== '_id' || typeof wants === 'function');
  const including = first === undefined ? wishes[0]?.wants === true : first.wants !== false;
  const tree: Tree = new Map();
  for (const wish of wishes) {
    const { name, wants } = wish;
    const computed = typeof wants === 'function';
    if (name === '_id' && !computed) continue;
    if (computed ? !including : wants !== including) throw mixture(wish);
    plant(tree, name, computed ? wants : true);
  }
  const idAsked = wishes.find(({ name }) => name === '_id')?.wants ?? true;
  if (idAsked === including) plant(tree, '_id', true);
  return including ? (doc) => compute(pick(doc, tree), tree, doc) : (doc) => omit(doc, tree);
}

/** Compiles `$addFields`: expressions, also at dotted paths. @throws {CommandError} 40177, 40180, 31249, 31250 */
export function compileAddFields(spec: Doc): (doc: Doc) => Doc {
  const tree: Tree = new Map();
  for (const { name, wants } of wishesOf(spec, '', false)) plant(tree, name, wants as Expression);
  return (doc) => compute(doc, tree, doc);
}

/** Compiles the removal of fields, as in `$unset`. */
export function compileOmission(names: readonly string[]): (doc: Doc) => Doc {
  const tree: Tree = new Map();
  for (const name of names) {
    fieldPath(name);
    plant(tree, name, true);
  }
  return (doc) => omit(doc, tree);
}

/** `{ a: { b: 1 } }` means the same as `{ 'a.b': 1 }`. Outside projections, flags are values as well. */
function wishesOf(spec: Doc, prefix: string, projecting: boolean): Wish[] {
  return [...spec].flatMap(([key, value]): Wish[] => {
    const name = prefix + key;
    if (projecting && name.endsWith('.$'))
      throw new CommandError(31324, 'Cannot use positional projection in aggregation projection');
    fieldPath(name);
    if (projecting && (isNumeric(value) || typeof value === 'boolean')) {
      return [{ name, wants: isNumeric(value) ? toNumber(value) !== 0 : value, from: value }];
    }
    const operator = isDoc(value) ? [...value.keys()][0] : undefined;
    const computed = !isDoc(value) || (operator?.startsWith('$') && (!projecting || value.size === 1));
    if (computed && projecting && operator !== undefined) checkOperator(operator);
    if (computed) return [{ name, wants: compileExpression(value), from: value }];
    if (value.size > 0) return wishesOf(value, `${name}.`, projecting);
    throw new CommandError(
      51270,
      `An empty sub-projection is not a valid value. Found empty object at path '${name}'`,
    );
  });
}

function checkOperator(name: string): void {
  if (name === '$elemMatch') throw new CommandError(168, 'Cannot use $elemMatch in this context');
  if (!isOperatorName(name)) throw new CommandError(31325, `Unknown expression ${name}`);
}

function mixture({ name, wants, from }: Wish): CommandError {
  if (wants === true)
    return new CommandError(31253, `Cannot do inclusion on field ${name} in exclusion projection`);
  if (wants === false)
    return new CommandError(31254, `Cannot do exclusion on field ${name} in inclusion projection`);
  if (!isDoc(from)) {
    const literal = show(new Map([[name, from]]));
    return new CommandError(31310, `Cannot use an expression ${literal} in an exclusion projection`);
  }
  return new CommandError(31252, 'Cannot use expression other than $meta in exclusion projection');
}
