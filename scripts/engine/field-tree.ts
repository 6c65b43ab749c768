import { CommandError } from './errors.ts';
import type { Expression } from './expressions.ts';
import { type Doc, isArray, isDoc, type Value } from './values.ts';

/** Field names to what lies below them; `true` means the field as it is, an expression what it becomes. */
export type Tree = Map<string, Tree | true | Expression>;

/** Puts a leaf where a dotted path leads. @throws {CommandError} 31249 when two paths meet */
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
  if (node.has(last)) throw new CommandError(31249, `Path collision at ${name}`);
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

/** Below an array every document is picked from; what is no document has nothing to pick and goes. */
function pickBelow(value: Value, tree: Tree): Value | undefined {
  if (isDoc(value)) return pick(value, tree);
  if (!isArray(value)) return undefined;
  const picked = value.map((element) => pickBelow(element, tree));
  // Where something is computed, it will be in place of what has nothing to pick.
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

/** The document with what the tree's expressions are for `root`; an expression that is nothing takes its field out. */
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

/** In an array every element is computed; what is no document becomes one. */
function computeBelow(value: Value | undefined, tree: Tree, root: Doc): Value | undefined {
  if (!computes(tree)) return value;
  if (isArray(value)) return value.map((element) => computeBelow(element, tree, root) as Value);
  return compute(isDoc(value) ? value : new Map(), tree, root);
}

const computes = (tree: Tree): boolean =>
  [...tree.values()].some((below) => below !== true && (!(below instanceof Map) || computes(below)));
