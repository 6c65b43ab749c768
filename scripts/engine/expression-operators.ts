import { Int32 } from 'bson';
import { divide, minus, plus, times, toDouble } from './arithmetic.ts';
import { encode } from './codec.ts';
import { compare } from './compare.ts';
import { CommandError, notSupported } from './errors.ts';
import { truthy } from './value-tests.ts';
import { aliasOf, type Doc, type Found, isArray, isDoc, type Value } from './values.ts';

/** Computes an aggregation expression for one document; undefined when it has no value there. */
export type Expression = (doc: Doc) => Found;

/** mongod's expression operators that the engine lacks. */
const REFUSED = new Set(
  (
    '$abs $accumulator $acos $acosh $allElementsTrue $anyElementTrue $arrayElemAt $arrayToObject $asin $asinh $atan $atan2 $atanh $avg $binarySize ' +
    '$bitAnd $bitNot $bitOr $bitXor $ceil $cmp $concat $concatArrays $convert $cos $cosh $dateAdd $dateDiff $dateFromParts $dateFromString ' +
    '$dateSubtract $dateToParts $dateToString $dateTrunc $dayOfMonth $dayOfWeek $dayOfYear $degreesToRadians $exp $filter $first $firstN ' +
    '$floor $function $getField $hour $in $indexOfArray $indexOfBytes $indexOfCP $isArray $isNumber $isoDayOfWeek $isoWeek $isoWeekYear $last $lastN ' +
    '$let $ln $log $log10 $ltrim $map $max $maxN $median $mergeObjects $meta $millisecond $min $minN $minute $mod $month $percentile $pow ' +
    '$radiansToDegrees $rand $range $reduce $regexFind $regexFindAll $regexMatch $replaceAll $replaceOne $reverseArray $round $rtrim $sampleRate ' +
    '$second $setDifference $setEquals $setField $setIntersection $setIsSubset $setUnion $sin $sinh $slice $sortArray $split $sqrt $stdDevPop ' +
    '$stdDevSamp $strcasecmp $strLenBytes $strLenCP $substr $substrBytes $substrCP $sum $switch $tan $tanh $toBool $toDate $toDecimal $toHashedIndexKey ' +
    '$toInt $toLong $toLower $toObjectId $toString $toUpper $trim $trunc $tsIncrement $tsSecond $unsetField $week $year $zip'
  ).split(' '),
);

type Operator = (...values: Found[]) => Found;
const missing = (value: Found) => value === undefined || value === null;
const alias = (value: Found) => aliasOf(value);

/** Operators of a fixed number of arguments, all of them evaluated. */
const FIXED = new Map<string, Operator>([
  ['$eq', (a, b) => compare(a, b) === 0],
  ['$ne', (a, b) => compare(a, b) !== 0],
  ['$gt', (a, b) => compare(a, b) > 0],
  ['$gte', (a, b) => compare(a, b) >= 0],
  ['$lt', (a, b) => compare(a, b) < 0],
  ['$lte', (a, b) => compare(a, b) <= 0],
  ['$not', (value) => !truthy(value)],
  ['$subtract', minus],
  ['$divide', divide],
  ['$size', (value) => new Int32(arrayOf(value).length)],
  ['$type', (value) => alias(value)],
  ['$toDouble', toDouble],
  [
    '$bsonSize',
    (value) => (missing(value) ? null : new Int32(encode(documentOf(value, 31393, '$bsonSize')).length)),
  ],
  ['$objectToArray', objectToArray],
]);

/** Operators of any number of arguments. */
const LISTS = new Map<string, Operator>([
  ['$add', plus],
  ['$multiply', times],
]);

/** Whether mongod has such an operator. */
export const isOperatorName = (name: string): boolean =>
  [REFUSED, FIXED, LISTS].some((all) => all.has(name)) ||
  ['$and', '$cond', '$ifNull', '$literal', '$or'].includes(name);

/** `compile` is compileExpression, for the operator's arguments. */
export function compileOperator(name: string, arg: Value, compile: (value: Value) => Expression): Expression {
  if (REFUSED.has(name)) throw notSupported(`the expression ${name}`);
  if (name === '$literal') return () => arg;
  if (name === '$cond') return conditional(arg, compile);
  const args = (isArray(arg) ? arg : [arg]).map(compile);
  if (name === '$and') return (doc) => args.every((evaluate) => truthy(evaluate(doc)));
  if (name === '$or') return (doc) => args.some((evaluate) => truthy(evaluate(doc)));
  if (name === '$ifNull') return firstOf(args);
  const fixed = FIXED.get(name);
  if (fixed !== undefined) checkCount(name, fixed.length, args.length);
  const operator = fixed ?? LISTS.get(name);
  if (operator !== undefined) return (doc) => operator(...args.map((evaluate) => evaluate(doc)));
  throw new CommandError(168, `Unrecognized expression '${name}'`);
}

function checkCount(name: string, wanted: number, given: number): void {
  if (wanted === given) return;
  throw new CommandError(
    16020,
    `Expression ${name} takes exactly ${wanted} arguments. ${given} were passed in.`,
  );
}

function conditional(arg: Value, compile: (value: Value) => Expression): Expression {
  if (isDoc(arg)) {
    const unknown = [...arg.keys()].find((name) => !['if', 'then', 'else'].includes(name));
    if (unknown !== undefined) throw new CommandError(17083, `Unrecognized parameter to $cond: ${unknown}`);
    for (const [name, code] of [
      ['if', 17080],
      ['then', 17081],
      ['else', 17082],
    ] as const) {
      if (!arg.has(name)) throw new CommandError(code, `Missing '${name}' parameter to $cond`);
    }
  }
  const parts = isDoc(arg)
    ? ['if', 'then', 'else'].map((name) => arg.get(name) as Value)
    : isArray(arg)
      ? arg
      : [arg];
  checkCount('$cond', 3, parts.length);
  const [condition, then, otherwise] = parts.map(compile) as [Expression, Expression, Expression];
  return (doc) => (truthy(condition(doc)) ? then(doc) : otherwise(doc));
}

/** `$ifNull`: the first value that is not null or missing, else the last. */
function firstOf(args: readonly Expression[]): Expression {
  if (args.length < 2)
    throw new CommandError(1257300, `$ifNull needs at least two arguments, had: ${args.length}`);
  return (doc) => {
    for (const evaluate of args.slice(0, -1)) {
      const value = evaluate(doc);
      if (!missing(value)) return value;
    }
    return args.at(-1)?.(doc);
  };
}

function arrayOf(value: Found): readonly Value[] {
  if (isArray(value)) return value;
  throw new CommandError(17124, `The argument to $size must be an array, but was of type: ${alias(value)}`);
}

function documentOf(value: Found, code: number, name: string): Doc {
  if (isDoc(value)) return value;
  throw new CommandError(code, `${name} requires a document input, found: ${alias(value)}`);
}

function objectToArray(value: Found): Found {
  if (missing(value)) return null;
  const entries = [...documentOf(value, 40390, '$objectToArray')];
  return entries.map(
    ([k, v]) =>
      new Map<string, Value>([
        ['k', k],
        ['v', v],
      ]),
  );
}
