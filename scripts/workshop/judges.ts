import { availableParallelism } from 'node:os';
import { Judge } from './grade.ts';
import { ROOT } from './paths.ts';

/** More judges than these do not help: they share this process. */
const MOST_JUDGES = 4;

/**
 * Has judges work through a list: one more than there are cores, because a judge also waits for time to pass. All take from
 * the one list, so that none is idle while another has much to do.
 * @returns the engine they graded on; undefined when there was nothing to grade
 */
export async function judgeEach<T>(
  items: Iterable<T>,
  work: (judge: Judge, item: T) => Promise<void>,
  root = ROOT,
): Promise<Judge['engine'] | undefined> {
  const left = items[Symbol.iterator]();
  const judges = Array.from({ length: Math.min(availableParallelism() + 1, MOST_JUDGES) }, async () => {
    let next = left.next();
    if (next.done) return undefined;
    const judge = await Judge.open(root);
    for (; !next.done; next = left.next()) await work(judge, next.value);
    await judge.close();
    return judge.engine;
  });
  const [engine] = await Promise.all(judges);
  return engine;
}
