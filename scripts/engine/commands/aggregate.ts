import type { Document } from 'bson';
import { checkCommand, countArg, docArg, docsArg } from '../args.ts';
import { CommandError, notSupported } from '../errors.ts';
import { type Held, handOut, Item, type Items } from '../item.ts';
import { compilePipeline } from '../pipeline.ts';
import type { Steps } from '../turns.ts';
import { type Doc, isDoc } from '../values.ts';
import { type Call, type Handlers, NO_FILTER, namespaceOf, sessionOf } from './call.ts';
import { orderOf } from './hint.ts';
import { matching, matchingIn } from './reads.ts';
import { collStatsStage, indexStatsStage } from './statistics.ts';

/** The result of a first stage that describes the collection, or undefined for other stages. */
function* descriptions(call: Call, first: Doc | undefined): Steps<Item[] | undefined> {
  const [name, arg] = [...(first ?? [])][0] ?? [];
  if (name !== '$collStats' && name !== '$indexStats') return undefined;
  if (!isDoc(arg)) throw new CommandError(5447000, `The ${name} stage specification must be an object`);
  const found = name === '$collStats' ? yield* collStatsStage(call, arg) : indexStatsStage(call);
  return found.map(Item.described);
}

/** Errors of a running pipeline get mongod's words around them. */
function* running(items: Items): Items {
  try {
    yield* items;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new CommandError(
      error.code,
      `PlanExecutor error during aggregation :: caused by :: ${error.message}`,
    );
  }
}

const aggregate = function* (call: Call): Steps<Document> {
  const { command, cursors } = call;
  const harmless = ['allowDiskUse', 'bypassDocumentValidation'];
  checkCommand(
    command,
    'aggregate',
    ['pipeline', 'cursor', 'hint', ...harmless],
    ['collation', 'let', 'explain'],
  );
  if (typeof command.get('aggregate') !== 'string') throw notSupported('an aggregation without a collection');
  const cursor = docArg(command, 'aggregate', 'cursor');
  if (cursor === undefined) {
    throw new CommandError(
      9,
      "The 'cursor' option is required, except for aggregate with the explain argument",
    );
  }
  const pipeline = docsArg(command, 'aggregate', 'pipeline');
  const described = yield* descriptions(call, pipeline[0]);
  const elsewhere = (name: string, filter: Doc) => matchingIn(call, name, filter);
  const run = compilePipeline(described === undefined ? pipeline : pipeline.slice(1), elsewhere);
  const order = orderOf(call, command.get('hint'));
  // Starting with the filter lets the collection find an _id without a scan.
  const first = pipeline[0]?.get('$match');
  const held: Held = { bytes: 0 };
  const start =
    described === undefined
      ? order.apply(
          matching(call, isDoc(first) ? first : NO_FILTER, { backwards: order.natural === -1 }),
          held,
        )
      : handOut(described, held);
  const answer = {
    namespace: namespaceOf(call),
    items: running(run(start, held)),
    held,
    batchSize: countArg(cursor, 'aggregate.cursor', 'batchSize'),
    session: sessionOf(call),
  };
  return yield* cursors.open(answer, call.job);
};

export const AGGREGATE: Handlers = { aggregate };
