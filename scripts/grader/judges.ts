import { availableParallelism } from 'node:os';
import { ROOT } from '../shared/paths.ts';
import type { Judge } from './grade.ts';
import { bundled } from './shop-process/compiled-start.ts';
import { keepCompiled, provideLater } from './shop-process/provide.ts';
import { ShopPool } from './shop-process/shop-pool.ts';

/** More judges than these do not help: they share this process. */
const MOST_JUDGES = 4;
/** How many shop processes are kept ready for all of them: those that are left at the end were started for nothing. */
const SPARES = 2;
/** The large packages of a judge, each with the file that it is loaded from. */
const PACKAGES = [
  ['packages.cjs', 'mongodb'],
  ['supertest.cjs', 'supertest'],
  ['redis.cjs', 'redis'],
] as const;

/**
 * Has judges work through a list: two more than there are cores, because half of its time a judge waits. All take from
 * the one list, so that none is idle while another has much to do.
 * @returns the engine they graded on; undefined when there was nothing to grade
 */
export async function judgeEach<T>(
  items: Iterable<T>,
  work: (judge: Judge, item: T) => Promise<void>,
  root = ROOT,
): Promise<Judge['engine'] | undefined> {
  const left = items[Symbol.iterator]();
  const pool = new ShopPool(SPARES);
  for (const [bundle, name] of PACKAGES) provideLater(bundled(bundle), name);
  // Not before: its packages load from those files, and while the first shop processes start.
  const { Judge } = await import('./grade.ts');
  const judges = Array.from({ length: Math.min(availableParallelism() + 2, MOST_JUDGES) }, async () => {
    let next = left.next();
    if (next.done) return undefined;
    const judge = await Judge.open(root, pool);
    for (; !next.done; next = left.next()) await work(judge, next.value);
    await judge.close();
    return judge.engine;
  });
  const [engine] = await Promise.all(judges).finally(() => pool.close());
  keepCompiled();
  return engine;
}
