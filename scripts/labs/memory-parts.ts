import { MongoClient } from 'mongodb';
import type { Row } from '../shared/figures-table.ts';
import type { LabContext } from './lab.ts';
import { LabProcess, ProcessEnded } from './lab-process.ts';
import type { MemoryHost } from './memory-host.ts';
import type { Servers, StoreAt } from './servers.ts';

/** The amounts that the memory lab measures. */
export interface MemoryPlan {
  /** The numbers of sessions at which memory is measured. */
  readonly counts: readonly number[];
  /** The number of sessions that expire. */
  readonly expired: number;
  /** The heap of the process that is filled until it ends, in MB, and the number of sessions per step. */
  readonly heapMb: number;
  readonly step: number;
}

type Memory = ReturnType<MemoryHost['memory']>;

const MB = 2 ** 20;
/** The number of sessions between two updates of the progress bar. */
const AT_ONCE = 5000;

/** The five parts of the lab, for the progress bar. */
const progressOf = (context: LabContext, part: number, done: number, doing: string) =>
  context.progress((part + done) / 5, doing);

async function start(context: LabContext, at: StoreAt, flags: readonly string[] = []) {
  const shop = new LabProcess<MemoryHost>('./memory-host.ts', ['--expose-gc', ...flags]);
  context.defer(() => shop.end());
  await shop.ask('open', at);
  return { shop, empty: await shop.ask('settled', undefined) };
}

/** Memory by number of live sessions. */
export async function* grow(
  context: LabContext,
  at: StoreAt,
  { counts }: MemoryPlan,
  part: number,
): AsyncGenerator<Row> {
  const { shop, empty } = await start(context, at);
  yield { store: at.store, state: 'alive', sessions: 0, kept: 0, ...inMegabytes(empty), bytesEach: null };
  const most = Math.max(...counts);
  let put = 0;
  for (const sessions of counts) {
    while (put < sessions) {
      progressOf(context, part, put / most, `${at.store}, ${withThousands(sessions)} sessions`);
      const to = Math.min(sessions, put + AT_ONCE);
      await shop.ask('put', { from: put, to, expired: false });
      put = to;
    }
    const settled = await shop.ask('settled', undefined);
    const bytesEach = (settled.heap - empty.heap) / sessions;
    yield { store: at.store, state: 'alive', sessions, kept: sessions, ...inMegabytes(settled), bytesEach };
  }
  await shop.end();
}

/** Expired sessions: how many stay in memory, and how many after they are read once more. */
export async function* expireInMemory(
  context: LabContext,
  at: StoreAt,
  plan: MemoryPlan,
): AsyncGenerator<Row> {
  const { expired: sessions } = plan;
  const { shop } = await start(context, at);
  progressOf(context, 2, 0, `${at.store}, expired sessions`);
  await shop.ask('put', { from: 0, to: sessions, expired: true });
  for (const state of ['expired', 'expired, each asked for once']) {
    if (state !== 'expired') await shop.ask('get', { from: 0, to: sessions });
    const settled = await shop.ask('settled', undefined);
    const kept = await shop.ask('held', undefined);
    yield { store: at.store, state, sessions, kept, ...inMegabytes(settled), bytesEach: null };
  }
  await shop.end();
}

/** The same in MongoDB, where the TTL index removes them. */
export async function* expireInMongo(
  context: LabContext,
  at: StoreAt,
  { expired: sessions }: MemoryPlan,
  { mongo, sweep }: Servers,
): AsyncGenerator<Row> {
  const client = await MongoClient.connect(mongo);
  context.defer(() => client.close());
  const { shop } = await start(context, at);
  progressOf(context, 3, 0, `${at.store}, expired sessions`);
  await shop.ask('put', { from: 0, to: sessions, expired: true });
  await sweep(new Date());
  const kept = await client.db('shop').collection('sessions').countDocuments({});
  const settled = await shop.ask('settled', undefined);
  const state = 'expired, after a TTL sweep';
  yield { store: at.store, state, sessions, kept, ...inMegabytes(settled), bytesEach: null };
  await shop.end();
}

/** Adds sessions until the process ends. The last measurement before that is the result; nothing is extrapolated. */
export async function* fillUntilDeath(
  context: LabContext,
  at: StoreAt,
  { heapMb, step }: MemoryPlan,
): AsyncGenerator<Row> {
  const { shop } = await start(context, at, [`--max-old-space-size=${heapMb}`]);
  let put = 0;
  let last: Memory = { heap: 0, rss: 0 };
  let within = 0;
  try {
    for (;;) {
      await shop.ask('put', { from: put, to: put + step, expired: false });
      last = await shop.ask('memory', undefined);
      put += step;
      if (last.rss < heapMb * MB) within = put;
      progressOf(context, 4, last.heap / MB / heapMb, `${at.store}, ${withThousands(put)} sessions`);
    }
  } catch (error) {
    if (!(error instanceof ProcessEnded)) throw error;
  }
  const state = `alive, until it died at ${heapMb} MB`;
  yield { store: at.store, state, sessions: put, kept: put, ...inMegabytes(last), bytesEach: null };
  context.note(
    `A process whose heap may take ${heapMb} MB (--max-old-space-size) held ${withThousands(put)} sessions, and died before it held ${withThousands(step)} more.`,
  );
  // A bare Node process is larger than the small heap of a quick run.
  if (within > 0) {
    context.note(
      `All its memory (RSS) was below ${heapMb} MB up to ${withThousands(within)} sessions: a container with that limit ends it soon after.`,
    );
  }
}

const withThousands = (count: number) => count.toLocaleString('en-GB');
const inMegabytes = ({ heap, rss }: Memory) => ({ heapMb: heap / MB, rssMb: rss / MB });
