import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { tidySync } from '../../setup/files.mjs';
import { median, ratio } from '../../shared/measure.ts';
import { runScript } from '../../shared/with-tsx.ts';
import { type Figure, show } from './figure.ts';

const ENGINE = fileURLToPath(new URL('../../engine/server.ts', import.meta.url));
const ROUNDS = 5;

/** The time to import the compiled engine, against the driver, which every user of the engine imports as well. */
export async function measureImport(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'workshop-bundle-'));
  const bundle = join(folder, 'engine.mjs');
  await build({ entryPoints: [ENGINE], outfile: bundle, bundle: true, platform: 'node', format: 'esm' });
  const modules = [pathToFileURL(bundle).href, import.meta.resolve('mongodb')];
  const times: number[][] = modules.map(() => []);
  // The first round fills the caches of the system.
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, module] of modules.entries()) {
      const time = await importTime(module);
      if (round >= 0) times[index]?.push(time);
    }
  }
  tidySync(folder);
  const [engine = [], driver = []] = times;
  return [
    {
      name: 'import of the engine / of the driver',
      value: ratio(engine, driver),
      unit: 'times',
      limit: 1.5,
      detail: `${show(median(engine), 'ms')} / ${show(median(driver), 'ms')}`,
    },
  ];
}

async function importTime(module: string): Promise<number> {
  const script = `
    const start = performance.now();
    await import(${JSON.stringify(module)});
    process.stdout.write(String(performance.now() - start));`;
  return Number(await runScript(script, []));
}
