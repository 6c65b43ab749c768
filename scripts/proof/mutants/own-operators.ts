import { parse } from '@babel/parser';
import type { Edit } from './edit.ts';

/** A part of a file's syntax tree, with its place in the text. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
}

/**
 * The mutants that a session set-up needs and Stryker does not make: one option left out, one statement forgotten, a
 * middleware mounted a line too late, an await left out, another number.
 */
export function ownEdits(text: string): Edit[] {
  const tree = parse(text, { sourceType: 'module', plugins: ['typescript'] });
  return nodesIn(tree.program as unknown as Node).flatMap((node) => [
    ...itemRemovals(text, node),
    ...statementRemovals(node),
    ...lateMiddleware(text, node),
    ...awaitRemovals(text, node),
    ...otherNumbers(node),
  ]);
}

/** Leaves out one of several properties or elements, or the last of several arguments. Stryker removes single ones. */
function itemRemovals(text: string, node: Node): Edit[] {
  const list =
    node.type === 'ObjectExpression'
      ? node.properties
      : (node.type === 'ArrayExpression' && node.elements) || [];
  const items = nodesAmong(list);
  const args =
    node.type === 'CallExpression' || node.type === 'NewExpression' ? nodesAmong(node.arguments) : [];
  const last = args.length > 1 ? args.slice(-1) : [];
  return [...(items.length > 1 ? items : []), ...last].map(({ start, end }) => {
    const comma = /^\s*,/.exec(text.slice(end));
    return { operator: 'ItemRemoval', start, end: end + (comma?.[0].length ?? 0), replacement: '' };
  });
}

/** Leaves out one of several statements. Stryker empties blocks, and makes `if (false)` of a condition without else. */
function statementRemovals(node: Node): Edit[] {
  const statements = statementsOf(node);
  if (statements.length < 2) return [];
  return statements
    .filter(({ type, alternate }) => REMOVABLE.includes(type) || (type === 'IfStatement' && alternate))
    .map(({ start, end }) => ({ operator: 'StatementRemoval', start, end, replacement: '' }));
}

const REMOVABLE = [
  'ExpressionStatement',
  'ReturnStatement',
  'ThrowStatement',
  'ForOfStatement',
  'WhileStatement',
];

/** `app.use(…)` is moved below the next statement. */
function lateMiddleware(text: string, node: Node): Edit[] {
  const statements = statementsOf(node);
  return statements.slice(0, -1).flatMap((statement, i) => {
    const { start, end } = statement;
    const after = statements[i + 1];
    const isUse = statement.type === 'ExpressionStatement' && /^\w+\.use\(/.test(text.slice(start, end));
    if (!isUse || !after) return [];
    const between = text.slice(end, after.start);
    const replacement = text.slice(after.start, after.end) + between + text.slice(start, end);
    return [{ operator: 'LateMiddleware', start, end: after.end, replacement }];
  });
}

function awaitRemovals(text: string, { type, start, end, argument }: Node): Edit[] {
  if (type !== 'AwaitExpression') return [];
  return [{ operator: 'AwaitRemoval', start, end, replacement: text.slice((argument as Node).start, end) }];
}

function otherNumbers({ type, start, end, value }: Node): Edit[] {
  if (type !== 'NumericLiteral') return [];
  return [{ operator: 'NumericLiteral', start, end, replacement: value === 0 ? '1' : '0' }];
}

function statementsOf({ type, body }: Node): Node[] {
  return type === 'BlockStatement' || type === 'Program' ? nodesAmong(body) : [];
}

function nodesIn(node: Node): Node[] {
  return [node, ...Object.values(node).flatMap(nodesAmong).flatMap(nodesIn)];
}

function nodesAmong(part: unknown): Node[] {
  return [part].flat().filter((each): each is Node => typeof (each as Node | null)?.type === 'string');
}
