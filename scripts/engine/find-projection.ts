import { CommandError, notSupported } from './errors.ts';
import { toNumber } from './numbers.ts';
import { matchedPosition } from './positional.ts';
import { compileProjection } from './projection.ts';
import { compileFilter } from './query.ts';
import { truthy } from './value-tests.ts';
import { aliasOf, type Doc, isArray, isDoc, isNumeric, show, type Value } from './values.ts';

/** An array projection of find: changes the projected document, and may read the whole one. */
type Cut = (projected: Doc, whole: Doc) => Doc;

/**
 * Compiles the projection of a find: the features of `$project`, and parts of arrays by `$slice`, `$elemMatch` and the positional `$`
 * (MongoDB manual, "Projection Operators").
 * @throws {CommandError} as compileProjection; 31255 and 31256, 31271 to 31276, 31308, 31394 and 31395 for invalid array projections, 28667 for a slice of no
 * numbers, 238 for `$meta` and the expression `$slice`
 */
export function compileFindProjection(projection: Doc, filter: Doc): (doc: Doc) => Doc {
  const plain = new Map<string, Value>();
  const cuts: Cut[] = [];
  const sliced: string[] = [];
  let positional = false;
  let elements = 0;
  for (const [name, value] of projection) {
    const [operator, operand] = isDoc(value) && value.size === 1 ? ([...value][0] as [string, Value]) : [];
    if (name.includes('.$.')) throw inTheMiddle();
    if (name.endsWith('.$')) {
      checkPositional(value, positional, elements > 0);
      positional = true;
      plain.set(name.slice(0, -2), value);
      cuts.push(matchedElement(name.slice(0, -2).split('.'), filter));
    } else if (operator === '$slice') {
      sliced.push(name);
      cuts.push(slice(name.split('.'), operand as Value));
    } else if (operator === '$elemMatch') {
      if (positional) throw new CommandError(31255, 'Cannot specify positional operator and $elemMatch.');
      elements++;
      cuts.push(firstElement(name, operand as Value));
      sliced.push(name);
    } else if (operator === '$meta') {
      throw notSupported('the projection $meta');
    } else {
      plain.set(name, value);
    }
  }
  if (cuts.length === 0) return compileProjection(projection);
  const fields = [...plain].filter(([name]) => name !== '_id');
  const [, first] = fields[0] ?? [...plain][0] ?? [];
  const including = first === undefined ? elements > 0 : isDoc(first) || truthy(first);
  if (elements > 0 && fields.length > 0 && !including) throw notSupported('$elemMatch beside an exclusion');
  if (including || elements > 0) for (const name of sliced) plain.set(name, true);
  const project = compileProjection(plain);
  return (doc) => cuts.reduce((projected, cut) => cut(projected, doc), project(doc));
}

/** @throws {CommandError} for a value that is not true, and beside another array projection */
function checkPositional(value: Value, another: boolean, beside: boolean): void {
  const what = 'positional projection cannot be used with';
  if (isDoc(value)) throw new CommandError(31271, `${what} an expression or sub object`);
  if (!isNumeric(value) && typeof value !== 'boolean') throw new CommandError(31308, `${what} a literal`);
  if (!truthy(value)) throw new CommandError(31395, `${what} exclusion`);
  if (another) throw new CommandError(31276, 'Cannot specify more than one positional projection per query.');
  if (beside) throw new CommandError(31256, 'Cannot specify positional operator and $elemMatch.');
}

const inTheMiddle = () =>
  new CommandError(31394, "It's illegal to specify positional operator in the middle of a path.");

/** The array with only the element by which the filter matched. */
function matchedElement(path: readonly string[], filter: Doc): Cut {
  return (projected, whole) =>
    changed(projected, path, (value) => {
      if (!isArray(value)) return value;
      const element = value[matchedPosition(filter, whole) ?? -1];
      if (element !== undefined) return [element];
      throw new CommandError(
        51246,
        "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
      );
    });
}

/** Only the first element that a condition matches, in an array; without one no field. It comes last, like computed fields. */
function firstElement(name: string, condition: Value): Cut {
  if (name.includes('.'))
    throw new CommandError(31275, 'Cannot use $elemMatch projection on a nested field.');
  if (!isDoc(condition))
    throw new CommandError(
      31274,
      `elemMatch: Invalid argument, object required, but got ${aliasOf(condition)}`,
    );
  const matches = compileFilter(new Map([[name, new Map([['$elemMatch', condition]])]]));
  return (projected, whole) => {
    const value = whole.get(name);
    const found = isArray(value) ? value.find((element) => matches(new Map([[name, [element]]]))) : undefined;
    const next = new Map(projected);
    next.delete(name);
    return found === undefined ? next : next.set(name, [found]);
  };
}

/** The first elements, the last ones when counted below 0, or `n` after a position. */
function slice(path: readonly string[], operand: Value): Cut {
  const numbers = (isArray(operand) ? operand : [operand]).map((one) =>
    isNumeric(one) ? Math.trunc(toNumber(one)) : Number.NaN,
  );
  const [first = 0, limit] = numbers;
  if (numbers.some(Number.isNaN) || (isArray(operand) && numbers.length !== 2) || (limit ?? 1) <= 0) {
    // Otherwise it may be the expression $slice.
    if (isArray(operand) && [2, 3].includes(operand.length)) throw notSupported('the expression $slice');
    throw new CommandError(
      28667,
      `Invalid $slice syntax. The given syntax ${show(operand)} did not match the find() syntax.`,
    );
  }
  const cut = (value: readonly Value[]) => {
    if (limit === undefined) return first < 0 ? value.slice(first) : value.slice(0, first);
    const start = first < 0 ? Math.max(value.length + first, 0) : first;
    return value.slice(start, start + limit);
  };
  return (projected) => changed(projected, path, (value) => (isArray(value) ? cut(value) : value));
}

/** A copy with the value at a path changed, also in every document of an array on the path. */
function changed(doc: Doc, [first = '', ...rest]: readonly string[], change: (value: Value) => Value): Doc {
  const value = doc.get(first);
  if (value === undefined) return doc;
  const below = (one: Value): Value => {
    if (rest.length === 0) return change(one);
    if (isDoc(one)) return changed(one, rest, change);
    return isArray(one) ? one.map(below) : one;
  };
  return new Map(doc).set(first, below(value));
}
