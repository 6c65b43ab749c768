import type { Mongo } from '../../mongo/index.ts';
import { median, ratio } from '../../shared/measure.ts';
import { countCommands } from './commands.ts';
import { CONNECTIONS, type Load, load } from './load.ts';
import { type BenchPage, costsTooMuch, PAGES } from './pages.ts';
import { type BenchShop, openBenchShop, type StoreName } from './shop.ts';

/** The figures of a page on both stores. */
export interface PageFigures {
  readonly name: string;
  /** The commands that it costs on MongoDB. */
  readonly commands: readonly string[];
  readonly tooMany: boolean;
  /** Absent for a page of which only the commands were counted. */
  readonly load?: Readonly<Record<StoreName, Load>> & {
    /** The requests per second on MemoryStore, divided by those on MongoDBStore. */
    readonly ratio: number;
  };
}

export interface Effort {
  readonly rounds: number;
  /** How long a round lasts for each page on each store. */
  readonly seconds: number;
}

const STORES: readonly StoreName[] = ['memory', 'mongodb'];

/** Measures every page: its commands once, its load in rounds on both stores in turns. */
export async function measure(mongo: Mongo, effort: Effort): Promise<PageFigures[]> {
  const counted = await countCommands(mongo.uri);
  const shops: BenchShop[] = [];
  try {
    for (const store of STORES) shops.push(await openBenchShop(store, `${mongo.uri}bench-${store}`));
    const figures: PageFigures[] = [];
    for (const page of PAGES) {
      const commands = counted.get(page) ?? [];
      const tooMany = costsTooMuch(page, commands);
      const loads = page.countedOnly ? {} : { load: await inTurns(page, shops, effort) };
      figures.push({ name: page.name, commands, tooMany, ...loads });
    }
    return figures;
  } finally {
    await Promise.all(shops.map((shop) => shop.close()));
  }
}

/** Loads the shops in turns, so that other programs slow both alike. The first round warms up. */
async function inTurns(page: BenchPage, shops: readonly BenchShop[], { rounds, seconds }: Effort) {
  const all: Load[][] = shops.map(() => []);
  const askers = await Promise.all(shops.map((shop) => askersOf(page, shop)));
  for (let round = -1; round < rounds; round++) {
    for (const [at, { url }] of shops.entries()) {
      const result = await load(url, page, askers[at] ?? [], round < 0 ? 1 : seconds);
      if (round >= 0) all[at]?.push(result);
    }
  }
  const [memory = [], mongodb = []] = all;
  const speeds = [memory, mongodb].map((loads) => loads.map(({ perSecond }) => perSecond));
  return { memory: middle(memory), mongodb: middle(mongodb), ratio: ratio(speeds[0] ?? [], speeds[1] ?? []) };
}

async function askersOf({ asker }: BenchPage, { url }: BenchShop) {
  return asker ? Promise.all(Array.from({ length: CONNECTIONS }, () => asker(url))) : [];
}

/** The median of the rounds; failed requests are summed. */
function middle(loads: readonly Load[]): Load {
  return {
    perSecond: median(loads.map(({ perSecond }) => perSecond)),
    p99: median(loads.map(({ p99 }) => p99)),
    failed: loads.reduce((sum, { failed }) => sum + failed, 0),
  };
}
