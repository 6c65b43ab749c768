import { inTurns, ratio } from '../shared/measure.ts';
import type { Backend } from './backends/index.ts';
import { Site } from './kit/site.ts';
import { StoreProcess } from './kit/store-process.ts';
import { Visitor } from './kit/visitor.ts';

/** How many requests a second an app answers, as a part of what the same app does with MemoryStore at the same time. */
export interface Speed {
  /** Requests that change nothing. */
  readonly looks: number;
  /** Requests that change the session. */
  readonly changes: number;
}

const [SHOPPERS, EACH, ROUNDS] = [10, 5, 5];

/** Measures a store and MemoryStore in turns, so that other programs slow both alike. */
export async function measureSpeed(module: string, memoryModule: string, backend: Backend): Promise<Speed> {
  const site = await Site.of(backend);
  const processes = [module, memoryModule].map((each) => new StoreProcess(each));
  try {
    const shops: Visitor[][] = [];
    for (const process of processes) {
      await process.load();
      // Without the proxy: it would be measured as well.
      const { port } = await process.open({ url: site.place.url });
      const shoppers = Array.from({ length: SHOPPERS }, () => new Visitor(port));
      for (const shopper of shoppers) await shopper.ask('/login');
      shops.push(shoppers);
    }
    const works = (path: string) =>
      shops.map((shoppers) => async () => {
        await Promise.all(
          shoppers.map(async (shopper) => {
            for (let n = 0; n < EACH; n++) await shopper.ask(path);
          }),
        );
      });
    const part = async (path: string) => {
      const [own = [], memory = []] = await inTurns(works(path), ROUNDS);
      return ratio(memory, own);
    };
    return { looks: await part('/me'), changes: await part('/count') };
  } finally {
    await Promise.all(processes.map((process) => process.end()));
    await site.remove();
  }
}
