import { availableParallelism } from 'node:os';
import { ROOT } from '../shared/paths.ts';
import type { Judge } from './grade.ts';
import { packagesFile, redisFile } from './shop-process/compiled-start.ts';
import { provideLater } from './shop-process/provide.ts';
import { ShopPool } from './shop-process/shop-pool.ts';

/** More judges do not help: they share this process. */
const MOST_JUDGES = 4;
/** How many shop processes are kept ready for all judges. Those left at the end were not needed. */
const SPARES = 2;

/**
 * Has judges work through a list: two more than there are cores, because a judge waits half of its time, but four at most. All
 * take from the one list, so that none is idle. When the work on one item fails, no other is begun.
 * @throws what the work throws, once every judge is closed
 * @returns the engine they graded on; undefined when there was nothing to grade
 */
export async function judgeEach<T>(
  items: Iterable<T>,
  work: (judge: Judge, item: T) => Promise<void>,
  root = ROOT,
): Promise<Judge['engine'] | undefined> {
  const left = items[Symbol.iterator]();
  const pool = new ShopPool(SPARES);
  provideLater(packagesFile(), 'mongodb');
  provideLater(redisFile(), 'redis');
  // Imported late: grade.ts loads mongodb, which comes from that file, and it loads while the first shop processes start.
  const { Judge } = await import('./grade.ts');
  let failed = false;
  const judges = Array.from({ length: Math.min(availableParallelism() + 2, MOST_JUDGES) }, async () => {
    let next = left.next();
    if (next.done) return undefined;
    const judge = await Judge.open(root, pool);
    try {
      for (; !next.done && !failed; next = left.next()) await work(judge, next.value);
      return judge.engine;
    } catch (error) {
      failed = true;
      throw error;
    } finally {
      await judge.close();
    }
  });
  // All of them, also when one fails: the engines of the others must be closed before this function returns.
  await Promise.allSettled(judges);
  await pool.close();
  const [engine] = await Promise.all(judges);
  return engine;
}
