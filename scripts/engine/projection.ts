import { CommandError } from './errors.ts';
import { compileExpression, type Expression } from './expressions.ts';
import { fieldPath } from './field-path.ts';
import { compute, omit, pick, plant, type Tree } from './field-tree.ts';
import { toNumber } from './numbers.ts';
import { type Doc, isDoc, isNumeric, type Value } from './values.ts';

/** What a projection says of one path: in, out, or computed. */
interface Wish {
  readonly name: string;
  readonly wants: boolean | Expression;
}

/**
 * Compiles a projection that includes, excludes or computes fields, dotted ones too (MongoDB manual, "Project Fields").
 * @throws {CommandError} 31252 to 31254 for a mixture, 31249 for colliding paths, 51270 for an empty document, 16410 and others for what is no path
 */
export function compileProjection(projection: Doc): (doc: Doc) => Doc {
  const wishes = wishesOf(projection, '', (value) => isNumeric(value) || typeof value === 'boolean');
  // What is said first decides, but for a mere `_id: 0` or `_id: 1`, which any projection may say.
  const first = wishes.find(({ name, wants }) => name !== '_id' || typeof wants === 'function');
  const including = first === undefined ? wishes[0]?.wants === true : first.wants !== false;
  const tree: Tree = new Map();
  for (const { name, wants } of wishes) {
    const computed = typeof wants === 'function';
    if (name === '_id' && !computed) continue;
    if (computed ? !including : wants !== including) throw mixture(name, wants);
    plant(tree, name, computed ? wants : true);
  }
  const idAsked = wishes.find(({ name }) => name === '_id')?.wants ?? true;
  if (idAsked === including) plant(tree, '_id', true);
  return including ? (doc) => compute(pick(doc, tree), tree, doc) : (doc) => omit(doc, tree);
}

/** Compiles what `$addFields` adds: expressions, dotted paths too. @throws {CommandError} 40177, 40180, 31249 */
export function compileAddFields(spec: Doc): (doc: Doc) => Doc {
  const tree: Tree = new Map();
  for (const { name, wants } of wishesOf(spec, '', () => false)) plant(tree, name, wants as Expression);
  return (doc) => compute(doc, tree, doc);
}

/** Compiles what takes fields out: `$unset` is no more than that. */
export function compileOmission(names: readonly string[]): (doc: Doc) => Doc {
  const tree: Tree = new Map();
  for (const name of names) {
    fieldPath(name);
    plant(tree, name, true);
  }
  return (doc) => omit(doc, tree);
}

/** `{ a: { b: 1 } }` says the same as `{ 'a.b': 1 }`. */
function wishesOf(spec: Doc, prefix: string, isFlag: (value: Value) => boolean): Wish[] {
  return [...spec].flatMap(([key, value]): Wish[] => {
    const name = prefix + key;
    fieldPath(name);
    if (isFlag(value)) return [{ name, wants: isNumeric(value) ? toNumber(value) !== 0 : value === true }];
    const operator = !isDoc(value) || [...value.keys()][0]?.startsWith('$');
    if (operator) return [{ name, wants: compileExpression(value) }];
    if (value.size > 0) return wishesOf(value, `${name}.`, isFlag);
    throw new CommandError(
      51270,
      `An empty sub-projection is not a valid value. Found empty object at path '${name}'`,
    );
  });
}

function mixture(name: string, wants: boolean | Expression): CommandError {
  if (wants === true)
    return new CommandError(31253, `Cannot do inclusion on field ${name} in exclusion projection`);
  if (wants === false)
    return new CommandError(31254, `Cannot do exclusion on field ${name} in inclusion projection`);
  return new CommandError(31252, 'Cannot use expression other than $meta in exclusion projection');
}
