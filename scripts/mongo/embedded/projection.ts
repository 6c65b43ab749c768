import { CommandError, notSupported } from './errors.ts';
import { toNumber } from './numbers.ts';
import { type Doc, isArray, isDoc, isNumeric, type Value } from './values.ts';

/** Field names to what lies below them; `true` takes the field whole. */
type Tree = Map<string, Tree | true>;

/**
 * Compiles a projection that includes or excludes fields, dotted ones too (MongoDB manual, "Project Fields").
 * @throws {CommandError} 31253 and 31254 for a mixture, 31249 for colliding paths, 238 for expressions and operators
 */
export function compileProjection(projection: Doc): (doc: Doc) => Doc {
  const wanted = [...projection].map(([name, value]) => ({ name, include: includes(name, value) }));
  const [first] = wanted.filter(({ name }) => name !== '_id');
  const including = first?.include ?? wanted[0]?.include ?? false;
  const tree: Tree = new Map();
  for (const { name, include } of wanted) {
    if (name === '_id') continue;
    if (include !== including) throw mixture(name, include);
    plant(tree, name);
  }
  const idAsked = wanted.find(({ name }) => name === '_id')?.include ?? true;
  if (idAsked === including) tree.set('_id', true);
  return including ? (doc) => pick(doc, tree) : (doc) => omit(doc, tree);
}

function includes(name: string, value: Value): boolean {
  const plain = isNumeric(value) || typeof value === 'boolean';
  if (!plain || name.split('.').some((part) => part.startsWith('$') || part === '')) {
    throw notSupported(`the projection of '${name}'`);
  }
  return isNumeric(value) ? toNumber(value) !== 0 : value;
}

function mixture(name: string, include: boolean): CommandError {
  return include
    ? new CommandError(31253, `Cannot do inclusion on field ${name} in exclusion projection`)
    : new CommandError(31254, `Cannot do exclusion on field ${name} in inclusion projection`);
}

function plant(tree: Tree, name: string): void {
  const path = name.split('.');
  const last = path.pop() as string;
  let node = tree;
  for (const part of path) {
    const below = node.get(part) ?? new Map();
    if (below === true) throw new CommandError(31249, `Path collision at ${name}`);
    node.set(part, below);
    node = below;
  }
  if (node.has(last)) throw new CommandError(31249, `Path collision at ${name}`);
  node.set(last, true);
}

function pick(doc: Doc, tree: Tree): Doc {
  const picked = new Map<string, Value>();
  for (const [name, value] of doc) {
    const below = tree.get(name);
    const kept = below instanceof Map ? pickBelow(value, below) : below && value;
    if (kept !== undefined) picked.set(name, kept);
  }
  return picked;
}

/** Below an array every document is picked from; what is no document has nothing to pick and goes. */
function pickBelow(value: Value, tree: Tree): Value | undefined {
  if (isDoc(value)) return pick(value, tree);
  if (!isArray(value)) return undefined;
  return value.map((element) => pickBelow(element, tree)).filter((element) => element !== undefined);
}

function omit(doc: Doc, tree: Tree): Doc {
  const rest = new Map<string, Value>();
  for (const [name, value] of doc) {
    const below = tree.get(name);
    if (below !== true) rest.set(name, below ? omitBelow(value, below) : value);
  }
  return rest;
}

function omitBelow(value: Value, tree: Tree): Value {
  if (isDoc(value)) return omit(value, tree);
  return isArray(value) ? value.map((element) => omitBelow(element, tree)) : value;
}
