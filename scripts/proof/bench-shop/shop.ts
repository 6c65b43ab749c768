import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { compile } from '../../grader/compile.ts';
import { ScratchFolder } from '../../grader/scratch.ts';
import { ShopDown } from '../../grader/shop-process/shop-down.ts';
import { ShopProcess } from '../../grader/shop-process/shop-process.ts';
import { EnvironmentError } from '../../shared/errors.ts';

/** Where sessions are kept; also the name of that shop's folder. */
export type StoreName = 'memory' | 'mongodb';

/** A shop in a process of its own. It ends with this one, also when this one is killed. */
export interface BenchShop {
  readonly url: string;
  close(): Promise<void>;
}

/** How long a shop may take to open, in milliseconds. */
const OPENING_LIMIT = 30_000;

/** Opens the finished shop with sessions in that store. @throws EnvironmentError when it does not open */
export async function openBenchShop(store: StoreName, mongodbUri: string): Promise<BenchShop> {
  const process = new ShopProcess();
  const scratch = new ScratchFolder();
  const config = { mongodbUri, sessionSecret: randomBytes(32).toString('hex') };
  try {
    const app = await compile(join(import.meta.dirname, store, 'app.ts'), join(scratch.path, 'app.mjs'));
    const port = await process.open({ app, config, port: 0 }, OPENING_LIMIT);
    return { url: `http://127.0.0.1:${port}`, close: () => process.end() };
  } catch (error) {
    await process.end();
    if (!(error instanceof ShopDown)) throw error;
    throw new EnvironmentError(`The shop did not open for the benchmark: ${error.message}`);
  }
}
