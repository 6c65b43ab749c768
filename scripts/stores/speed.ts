import { availableParallelism, loadavg } from 'node:os';
import { inTurns, ratio } from '../shared/measure.ts';
import type { Backend } from './backends/index.ts';
import { Site } from './kit/site.ts';
import { StoreProcess } from './kit/store-process.ts';
import { Visitor } from './kit/visitor.ts';

/** How many requests per second an app answers, as a fraction of the same app's with MemoryStore at the same time. */
export interface Speed {
  /** Requests that change nothing. */
  readonly looks: number;
  /** Requests that change the session. */
  readonly changes: number;
  /** How many processes wanted to run, as the system counts them, and the number of cores. */
  readonly load: number;
  readonly cores: number;
}

const [SHOPPERS, EACH, ROUNDS] = [10, 5, 11];
const LOGS_IN_WITHIN_MS = 10_000;

/**
 * Measures a store and MemoryStore in turns, so that other programs slow both alike.
 * @returns the medians of the rounds
 * @throws {Error} when a page's answer is wrong, because errors are fast
 */
export async function measureSpeed(
  module: string,
  memoryModule: string,
  backend: Backend,
  signal?: AbortSignal,
): Promise<Speed> {
  const site = await Site.of(backend);
  const processes: StoreProcess[] = [];
  const end = () => void Promise.all(processes.map((process) => process.end()));
  signal?.addEventListener('abort', end, { once: true });
  try {
    const shops: Visitor[][] = [];
    for (const each of [module, memoryModule]) {
      const process = await StoreProcess.start(each);
      processes.push(process);
      await process.load();
      // Without the proxy, which would be measured as well.
      await process.open({ url: site.place.url });
      const port = await process.port();
      const shoppers = Array.from({ length: SHOPPERS }, () => new Visitor(port));
      for (const shopper of shoppers) await logIn(shopper);
      shops.push(shoppers);
    }
    const works = (path: string) =>
      shops.map((shoppers) => async () => {
        await Promise.all(
          shoppers.map(async (shopper) => {
            for (let n = 0; n < EACH; n++) await must(shopper, path, /^(?:ann|\d+)$/);
          }),
        );
      });
    const part = async (path: string) => {
      const [own = [], memory = []] = await inTurns(works(path), ROUNDS);
      return ratio(memory, own);
    };
    const looks = await part('/me');
    const changes = await part('/count');
    return { looks, changes, load: loadavg()[0] ?? 0, cores: availableParallelism() };
  } finally {
    signal?.removeEventListener('abort', end);
    await Promise.all(processes.map((process) => process.end()));
    await site.remove();
  }
}

/** A store that is still making its table fails at first. */
async function logIn(shopper: Visitor): Promise<void> {
  const until = performance.now() + LOGS_IN_WITHIN_MS;
  for (;;) {
    await shopper.ask('/login');
    if ((await shopper.ask('/me')).text === 'ann') return;
    if (performance.now() > until) throw new Error('Nobody could log in.');
  }
}

async function must(shopper: Visitor, path: string, answer: RegExp): Promise<void> {
  const { text, words } = await shopper.ask(path);
  if (!answer.test(text)) throw new Error(`${path}: ${words}`);
}
