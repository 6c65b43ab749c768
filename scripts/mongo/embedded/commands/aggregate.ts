import { Int32 } from 'bson';
import { checkCommand, countArg, docArg, docsArg } from '../args.ts';
import { decode, encode } from '../codec.ts';
import { compare } from '../compare.ts';
import { CommandError, notSupported } from '../errors.ts';
import { toNumber } from '../numbers.ts';
import { compileFilter } from '../query.ts';
import { sortDocs } from '../sort.ts';
import { type Doc, isDoc, isNumeric, show, type Value } from '../values.ts';
import { type Call, type Handler, NO_FILTER, namespaceOf } from './call.ts';
import { matching } from './reads.ts';
import { collStatsStage, indexStatsStage } from './statistics.ts';

type Stage = (docs: readonly Doc[]) => readonly Doc[];

/** mongod's stages that the engine lacks; any other name is unknown to mongod as well. */
const REFUSED = new Set(
  (
    '$addFields $bucket $bucketAuto $changeStream $changeStreamSplitLargeEvent $count $currentOp $densify $documents ' +
    '$facet $fill $geoNear $graphLookup $listLocalSessions $listSampledQueries $listSearchIndexes $listSessions ' +
    '$lookup $merge $out $planCacheStats $project $redact $replaceRoot $replaceWith $sample $search $searchMeta $set ' +
    '$setWindowFields $shardedDataDistribution $sortByCount $unionWith $unset $unwind $vectorSearch'
  ).split(' '),
);

function stageOf(spec: Doc): Stage {
  const [entry] = spec;
  if (entry === undefined || spec.size !== 1) {
    throw new CommandError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  const [name, arg] = entry;
  switch (name) {
    case '$match':
      return matchStage(arg);
    case '$sort':
      return sortStage(arg);
    case '$skip': {
      const skip = wholeNumber(name, arg, 5107200);
      return (docs) => docs.slice(skip);
    }
    case '$limit': {
      const limit = wholeNumber(name, arg, 5107201);
      if (limit === 0) throw new CommandError(15958, 'the limit must be positive');
      return (docs) => docs.slice(0, limit);
    }
    case '$group':
      return countStage(arg);
    case '$collStats':
    case '$indexStats':
      throw new CommandError(40602, `${name} is only valid as the first stage in a pipeline.`);
    default:
      if (REFUSED.has(name)) throw notSupported(`the pipeline stage ${name}`);
      throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

function matchStage(arg: Value): Stage {
  if (!isDoc(arg)) throw new CommandError(15959, 'the match filter must be an expression in an object');
  const matches = compileFilter(arg);
  return (docs) => docs.filter(matches);
}

function sortStage(arg: Value): Stage {
  if (!isDoc(arg)) throw new CommandError(15973, 'the $sort key specification must be an object');
  if (arg.size === 0) throw new CommandError(15976, '$sort stage must have at least one sort key');
  return (docs) => sortDocs(docs, arg);
}

function wholeNumber(name: string, arg: Value, code: number): number {
  const number = isNumeric(arg) ? toNumber(arg) : Number.NaN;
  if (Number.isInteger(number) && number >= 0) return number;
  throw new CommandError(
    code,
    `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${show(arg)}`,
  );
}

/** `{ _id: 1, n: { $sum: 1 } }`: what drivers send for countDocuments, and the only grouping there is. */
function countStage(arg: Value): Stage {
  const one = new Int32(1);
  const counting = new Map<string, Value>([
    ['_id', one],
    ['n', new Map([['$sum', one]])],
  ]);
  if (compare(arg, counting) !== 0) throw notSupported('the pipeline stage $group, but for countDocuments,');
  return (docs) =>
    docs.length === 0
      ? []
      : [
          new Map([
            ['_id', one],
            ['n', new Int32(docs.length)],
          ]),
        ];
}

/** What a pipeline starts with that is not about documents but about their collection. */
function descriptions(call: Call, first: Doc | undefined): Doc[] | undefined {
  const [name, arg] = [...(first ?? [])][0] ?? [];
  if (name !== '$collStats' && name !== '$indexStats') return undefined;
  if (!isDoc(arg)) throw new CommandError(5447000, `The ${name} stage specification must be an object`);
  const found = name === '$collStats' ? collStatsStage(call, arg) : indexStatsStage(call);
  return found.map((one) => decode(Buffer.from(encode(one))));
}

const aggregate: Handler = (call) => {
  const { command, cursors } = call;
  const harmless = ['allowDiskUse', 'bypassDocumentValidation'];
  const refused = ['hint', 'collation', 'let', 'explain'];
  checkCommand(command, 'aggregate', ['pipeline', 'cursor', ...harmless], refused);
  if (typeof command.get('aggregate') !== 'string') throw notSupported('an aggregation without a collection');
  const cursor = docArg(command, 'aggregate', 'cursor');
  if (cursor === undefined) {
    throw new CommandError(
      9,
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  }
  const pipeline = docsArg(command, 'aggregate', 'pipeline');
  const described = descriptions(call, pipeline[0]);
  const stages = (described === undefined ? pipeline : pipeline.slice(1)).map(stageOf);
  // Starting with the filter lets the collection look an _id up instead of walking all documents.
  const first = pipeline[0]?.get('$match');
  const start: readonly Doc[] = described ?? matching(call, isDoc(first) ? first : NO_FILTER);
  return cursors.open({
    namespace: namespaceOf(call),
    docs: stages.reduce((docs, stage) => stage(docs), start),
    batchSize: countArg(cursor, 'aggregate.cursor', 'batchSize'),
    singleBatch: false,
  });
};

export const AGGREGATE: readonly (readonly [string, Handler])[] = [['aggregate', aggregate]];
