import { CommandError } from './errors.ts';
import type { Expression } from './expressions.ts';
import { type Doc, isArray, isDoc, type Value } from './values.ts';

/** Maps field names to the tree below; `true` means the field unchanged, an expression its new value. */
export type Tree = Map<string, Tree | true | Expression>;

/** Adds a leaf at a dotted path. @throws {CommandError} 31249 below a leaf, 31250 where a node exists */
export function plant(tree: Tree, name: string, leaf: true | Expression): void {
  const path = name.split('.');
  const last = path.pop() as string;
  let node = tree;
  for (const part of path) {
    const below = node.get(part) ?? new Map();
    if (!(below instanceof Map)) throw new CommandError(31249, `Path collision at ${name}`);
    node.set(part, below);
    node = below;
  }
  if (node.has(last)) throw new CommandError(31250, `Path collision at ${name}`);
  node.set(last, leaf);
}

/** Only the fields of the tree, in the document's order. */
export function pick(doc: Doc, tree: Tree): Doc {
  const picked = new Map<string, Value>();
  for (const [name, value] of doc) {
    const below = tree.get(name);
    const kept = below instanceof Map ? pickBelow(value, below) : below === true ? value : undefined;
    if (kept !== undefined) picked.set(name, kept);
  }
  return picked;
}

/** In an array it picks from every document, and drops other elements. */
function pickBelow(value: Value, tree: Tree): Value | undefined {
  if (isDoc(value)) return pick(value, tree);
  if (!isArray(value)) return undefined;
  const picked = value.map((element) => pickBelow(element, tree));
  // With computed fields, other elements will be replaced by documents.
  return computes(tree) ? (picked as Value[]) : picked.filter((element) => element !== undefined);
}

/** All but the fields of the tree. */
export function omit(doc: Doc, tree: Tree): Doc {
  const rest = new Map<string, Value>();
  for (const [name, value] of doc) {
    const below = tree.get(name);
    if (below !== true) rest.set(name, below instanceof Map ? omitBelow(value, below) : value);
  }
  return rest;
}

function omitBelow(value: Value, tree: Tree): Value {
  if (isDoc(value)) return omit(value, tree);
  return isArray(value) ? value.map((element) => omitBelow(element, tree)) : value;
}

/** The document with the values of the tree's expressions for `root`; an expression without a value removes its field. */
export function compute(doc: Doc, tree: Tree, root: Doc): Doc {
  const computed = new Map(doc);
  for (const [name, below] of tree) {
    if (below === true) continue;
    const value = below instanceof Map ? computeBelow(doc.get(name), below, root) : below(root);
    if (value === undefined) computed.delete(name);
    else computed.set(name, value);
  }
  return computed;
}

/** In an array every element is computed; elements that are no documents become documents. */
function computeBelow(value: Value | undefined, tree: Tree, root: Doc): Value | undefined {
  if (!computes(tree)) return value;
  if (isArray(value)) return value.map((element) => computeBelow(element, tree, root) as Value);
  return compute(isDoc(value) ? value : new Map(), tree, root);
}

const computes = (tree: Tree): boolean =>
  [...tree.values()].some((below) => below !== true && (!(below instanceof Map) || computes(below)));
