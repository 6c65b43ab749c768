import { Int32 } from 'bson';
import { checkFields, required } from './args.ts';
import { CommandError, notSupported } from './errors.ts';
import { compileExpression } from './expressions.ts';
import { compileGroup } from './group.ts';
import { type Held, Item, type Items } from './item.ts';
import { compileLookup, type Elsewhere } from './lookup.ts';
import { toNumber } from './numbers.ts';
import { compileAddFields, compileOmission, compileProjection } from './projection.ts';
import { compileFilter } from './query.ts';
import { compileSample } from './sample.ts';
import { compileSort } from './sort.ts';
import { cut, filtered, mapped } from './streams.ts';
import { compileUnwind } from './unwind.ts';
import { aliasOf, type Doc, isArray, isDoc, isNumeric, show, type Value } from './values.ts';

/** What a stage makes of the documents before it. */
export type Stage = (items: Items, held: Held) => Items;

/** mongod's stages that the engine lacks; any other name is unknown to mongod as well. */
const REFUSED = new Set(
  (
    '$bucket $bucketAuto $changeStream $changeStreamSplitLargeEvent $currentOp $densify $documents $facet $fill $geoNear $graphLookup ' +
    '$listLocalSessions $listSampledQueries $listSearchIndexes $listSessions $lookup $merge $out $planCacheStats $redact ' +
    '$search $searchMeta $setWindowFields $shardedDataDistribution $sortByCount $unionWith $vectorSearch'
  ).split(' '),
);

const STAGES = new Map<string, (arg: Value, name: string) => Stage>([
  ['$match', match],
  ['$sort', sort],
  ['$skip', skip],
  ['$limit', limit],
  ['$project', project],
  ['$addFields', addFields],
  ['$set', addFields],
  ['$unset', unset],
  ['$count', count],
  ['$group', compileGroup],
  ['$unwind', compileUnwind],
  ['$sample', compileSample],
  ['$replaceRoot', replaceRoot],
  ['$replaceWith', replaceWith],
]);
/** The stages of an update (MongoDB manual, "Updates with Aggregation Pipeline"). */
const IN_UPDATES = ['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'];

/** Compiles the stages of a pipeline that work on documents, in their order (MongoDB manual, "Aggregation Stages"). */
export function compilePipeline(specs: readonly Doc[], elsewhere: Elsewhere): Stage {
  const stages = specs.map((spec) => stageOf(spec, elsewhere));
  return (items, held) => stages.reduce((left, stage) => stage(left, held), items);
}

/** Compiles an update's pipeline into what it makes of a document. @throws {CommandError} 72 for a stage that no update may have */
export function compileUpdatePipeline(specs: readonly Value[]): (doc: Doc) => Doc {
  const stages = specs.map((spec) => {
    if (!isDoc(spec)) throw new CommandError(14, "Each element of the 'pipeline' array must be an object");
    const [name = ''] = spec.keys();
    if (IN_UPDATES.includes(name) || !(STAGES.has(name) || REFUSED.has(name))) return stageOf(spec);
    throw new CommandError(72, `${name} is not allowed to be used within an update`);
  });
  return (doc) => {
    const [made] = stages.reduce<Items>((items, stage) => stage(items, { bytes: 0 }), only(doc));
    return (made as Item).doc;
  };
}

function* only(doc: Doc): Items {
  yield Item.made(doc);
}

function stageOf(spec: Doc, elsewhere?: Elsewhere): Stage {
  const [entry] = spec;
  if (entry === undefined || spec.size !== 1) {
    throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  const [name, arg] = entry;
  const compile = STAGES.get(name);
  if (compile !== undefined) return compile(arg, name);
  if (name === '$lookup' && elsewhere !== undefined) return compileLookup(arg, elsewhere);
  if (name === '$collStats' || name === '$indexStats')
    throw new CommandError(40602, `${name} is only valid as the first stage in a pipeline.`);
  if (REFUSED.has(name)) throw notSupported(`the pipeline stage ${name}`);
  throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
}

function match(arg: Value): Stage {
  if (!isDoc(arg)) throw new CommandError(15959, 'the match filter must be an expression in an object');
  const matches = compileFilter(arg);
  return (items) => filtered(items, matches);
}

function sort(arg: Value): Stage {
  if (!isDoc(arg)) throw new CommandError(15973, 'the $sort key specification must be an object');
  if (arg.size === 0) throw new CommandError(15976, '$sort stage must have at least one sort key');
  if (arg.has('$natural'))
    throw new CommandError(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
  return compileSort(arg).apply;
}

function skip(arg: Value): Stage {
  const count = wholeNumber('$skip', arg, 5107200);
  return (items) => cut(items, count, Number.POSITIVE_INFINITY);
}

function limit(arg: Value): Stage {
  const count = wholeNumber('$limit', arg, 5107201);
  if (count === 0) throw new CommandError(15958, 'the limit must be positive');
  return (items) => cut(items, 0, count);
}

function wholeNumber(name: string, arg: Value, code: number): number {
  const number = isNumeric(arg) ? toNumber(arg) : Number.NaN;
  if (Number.isInteger(number) && number >= 0) return number;
  throw new CommandError(
    code,
    `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${show(arg)}`,
  );
}

function project(arg: Value): Stage {
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

function addFields(arg: Value, name: string): Stage {
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

function unset(arg: Value): Stage {
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

function replaceRoot(arg: Value): Stage {
  if (!isDoc(arg)) {
    throw new CommandError(
      40229,
      `expected an object as specification for $replaceRoot stage, got ${aliasOf(arg)}`,
    );
  }
  checkFields(arg, '$replaceRoot', ['newRoot']);
  return replaced(required(arg, '$replaceRoot', 'newRoot'), "'newRoot' expression ");
}

function replaceWith(arg: Value): Stage {
  return replaced(arg, "'replacement document' ");
}

function replaced(expression: Value, what: string): Stage {
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

function count(name: Value): Stage {
  if (typeof name !== 'string' || name === '')
    throw new CommandError(40156, 'the count field must be a non-empty string');
  if (name.startsWith('$')) throw new CommandError(40158, 'the count field cannot be a $-prefixed path');
  if (name.includes('.')) throw new CommandError(40160, "the count field cannot contain '.'");
  return (items) => counted(items, name);
}

function* counted(items: Items, name: string): Items {
  let count = 0;
  for (const item of items) {
    if (item !== undefined) count++;
    yield;
  }
  if (count > 0) yield Item.made(new Map([[name, new Int32(count)]]));
}
