import { CommandError } from './errors.ts';
import { compileOperator, type Expression } from './expression-operators.ts';
import { fieldPath } from './field-path.ts';
import { type Doc, type Found, isArray, isDoc, show, type Value } from './values.ts';

export type { Expression };

/**
 * Compiles an aggregation expression (MongoDB manual, "Aggregation Expressions"): a path, an operator, a document or list of expressions, or a value.
 * @throws {CommandError} mongod's codes for what mongod refuses, 238 for what only the engine refuses
 */
export function compileExpression(value: Value): Expression {
  if (typeof value === 'string' && value.startsWith('$')) return compilePath(value);
  if (isArray(value)) {
    const elements = value.map(compileExpression);
    return (doc) => elements.map((element) => element(doc) ?? null);
  }
  if (isDoc(value)) return compileDocument(value);
  return () => value;
}

function compileDocument(value: Doc): Expression {
  const [first] = value;
  if (first?.[0].startsWith('$')) {
    if (value.size === 1) return compileOperator(first[0], first[1], compileExpression);
    throw new CommandError(
      15983,
      `an expression specification must contain exactly one field, the name of the expression. Found ${value.size} fields in ${show(value)}, while parsing object ${show(value)}`,
    );
  }
  const fields = [...value].map(([name, inner]) => {
    if (name.startsWith('$'))
      throw new CommandError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    if (name.includes('.'))
      throw new CommandError(
        16412,
        `FieldPath field names may not contain '.'. Consider using $getField or $setField.`,
      );
    return [name, compileExpression(inner)] as const;
  });
  return (doc) => {
    const made = new Map<string, Value>();
    for (const [name, evaluate] of fields) {
      const inner = evaluate(doc);
      if (inner !== undefined) made.set(name, inner);
    }
    return made;
  };
}

/** `$a.b` reads a field; `$$ROOT`, `$$CURRENT`, `$$NOW` and `$$REMOVE` are the only variables. */
function compilePath(text: string): Expression {
  const variable = text.startsWith('$$');
  const [name = '', ...rest] = text.slice(variable ? 2 : 1).split('.');
  const path = variable ? rest : [name, ...rest];
  if (text === '$') throw new CommandError(16872, "'$' by itself is not a valid FieldPath");
  if (path.length > 0) fieldPath(path.join('.'));
  const start = variable ? variableNamed(name) : (doc: Doc) => doc;
  return (doc) => {
    const value = start(doc);
    return path.length === 0 ? value : isDoc(value) ? valueAt(value, path) : undefined;
  };
}

function variableNamed(name: string): Expression {
  const now = new Date();
  if (name === 'ROOT' || name === 'CURRENT') return (doc) => doc;
  if (name === 'NOW') return () => now;
  if (name === 'REMOVE') return () => undefined;
  throw new CommandError(17276, `Use of undefined variable: ${name}`);
}

/** An array on the way gives the values of its documents; positions have no meaning here, unlike in a filter. */
function valueAt(doc: Doc, [first = '', ...rest]: readonly string[]): Found {
  const value = doc.get(first);
  if (rest.length === 0) return value;
  if (isDoc(value)) return valueAt(value, rest);
  if (!isArray(value)) return undefined;
  return value.flatMap((element) => {
    const found = isDoc(element) ? valueAt(element, rest) : undefined;
    return found === undefined ? [] : [found];
  });
}
