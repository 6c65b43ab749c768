import { checkFields, required } from './args.ts';
import { CommandError } from './errors.ts';
import { compileExpression } from './expressions.ts';
import type { Items } from './item.ts';
import { compileAddFields, compileOmission, compileProjection } from './projection.ts';
import { mapped } from './streams.ts';
import { aliasOf, type Doc, isArray, isDoc, show, type Value } from './values.ts';

// The stages that change each document (MongoDB manual, "Aggregation Stages"). An update may have them, too.

type Reshape = (items: Items) => Items;

export function project(arg: Value): Reshape {
  if (!isDoc(arg)) throw new CommandError(15969, '$project specification must be an object');
  if (arg.size === 0) {
    throw new CommandError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  const projected = compileProjection(arg);
  return (items) => mapped(items, projected);
}

export function addFields(arg: Value, name: string): Reshape {
  if (!isDoc(arg)) {
    throw new CommandError(40272, `${name} specification stage must be an object, got ${aliasOf(arg)}`);
  }
  if (arg.size === 0) {
    throw new CommandError(
      40177,
      `Invalid ${name} :: caused by :: specification must have at least one field`,
    );
  }
  const added = compileAddFields(arg);
  return (items) => mapped(items, added);
}

export function unset(arg: Value): Reshape {
  const names = isArray(arg) ? arg : [arg];
  if (names.length === 0)
    throw new CommandError(
      31119,
      '$unset specification must be a string or an array with at least one field',
    );
  const texts = names.filter((name) => typeof name === 'string');
  if (texts.length < names.length)
    throw new CommandError(
      31120,
      '$unset specification must be a string or an array containing only string values',
    );
  const omitted = compileOmission(texts);
  return (items) => mapped(items, omitted);
}

export function replaceRoot(arg: Value): Reshape {
  if (!isDoc(arg)) {
    throw new CommandError(
      40229,
      `expected an object as specification for $replaceRoot stage, got ${aliasOf(arg)}`,
    );
  }
  checkFields(arg, '$replaceRoot', ['newRoot']);
  return replaced(required(arg, '$replaceRoot', 'newRoot'), "'newRoot' expression ");
}

export function replaceWith(arg: Value): Reshape {
  return replaced(arg, "'replacement document' ");
}

function replaced(expression: Value, what: string): Reshape {
  const evaluate = compileExpression(expression);
  const change = (doc: Doc) => {
    const root = evaluate(doc);
    if (isDoc(root)) return root;
    throw new CommandError(
      40228,
      `${what} must evaluate to an object, but resulting value was: ${show(root)}. Type of resulting value: '${aliasOf(root)}'. Input document: ${show(doc)}`,
    );
  };
  return (items) => mapped(items, change);
}
