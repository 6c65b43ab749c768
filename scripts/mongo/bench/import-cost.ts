import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { median, ratio } from './compare.ts';
import { type Figure, show } from './figure.ts';
import { runScript, WITH_TSX } from './new-process.ts';

const ENGINE = new URL('../embedded/server.ts', import.meta.url);
const ROUNDS = 5;

/**
 * What importing the engine costs: through tsx, as the commands do it, against the driver, which whoever uses the engine imports
 * as well; and bundled into one file, to tell how much of it is tsx.
 */
export async function measureImport(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'workshop-bundle-'));
  const bundle = join(folder, 'engine.mjs');
  await bundleTo(bundle);
  const modules = [ENGINE.href, import.meta.resolve('mongodb'), pathToFileURL(bundle).href];
  const times: number[][] = modules.map(() => []);
  // The first round fills the caches of tsx and of the system.
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, module] of modules.entries()) {
      const time = await importTime(module);
      if (round >= 0) times[index]?.push(time);
    }
  }
  await rm(folder, { recursive: true });
  const [engine = [], driver = [], bundled = []] = times;
  return [
    {
      name: 'import of the engine / of the driver',
      value: ratio(engine, driver),
      unit: 'times',
      limit: 1.5,
      detail: `${show(median(engine), 'ms')} / ${show(median(driver), 'ms')}`,
    },
    { name: 'import of the engine bundled', value: median(bundled), unit: 'ms', detail: 'one file' },
  ];
}

async function importTime(module: string): Promise<number> {
  const script = `
    const start = performance.now();
    await import(${JSON.stringify(module)});
    process.stdout.write(String(performance.now() - start));`;
  return Number(await runScript(script, WITH_TSX));
}

/** By the esbuild that tsx brings along. */
async function bundleTo(outfile: string): Promise<void> {
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const { build } = createRequire(tsx)('esbuild');
  await build({
    entryPoints: [fileURLToPath(ENGINE)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
}
