import { Int32 } from 'bson';
import { CommandError, notSupported } from './errors.ts';
import { compileGroup } from './group.ts';
import { type Held, Item, type Items } from './item.ts';
import { compileLookup, type Elsewhere } from './lookup.ts';
import { toNumber } from './numbers.ts';
import { compileFilter } from './query.ts';
import { addFields, project, replaceRoot, replaceWith, unset } from './reshaping.ts';
import { compileSample } from './sample.ts';
import { compileSort } from './sort.ts';
import { cut, filtered } from './streams.ts';
import { compileUnwind } from './unwind.ts';
import { type Doc, isDoc, isNumeric, show, type Value } from './values.ts';

/** A stage: turns the documents before it into others. */
export type Stage = (items: Items, held: Held) => Items;

/** The most stages (MongoDB manual, "Aggregation Pipeline Limits"). */
const MAX_STAGES = 1000;

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
  if (specs.length > MAX_STAGES)
    throw new CommandError(7749501, `Pipeline length must be no longer than ${MAX_STAGES} stages`);
  const stages = specs.map((spec) => stageOf(spec, elsewhere));
  return (items, held) => stages.reduce((left, stage) => stage(left, held), items);
}

/** Compiles an update's pipeline to a function of the document. @throws {CommandError} 72 for a stage that no update may have */
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
