// Starts a shop process. It is compiled, see compiled-start.ts, to start.mjs beside packages.cjs: the packages that
// every lesson imports, in one file. They load in a third of the time from there, with what V8 made of them the last time.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

const PACKAGES = join(import.meta.dirname, 'packages.cjs');
const CACHE = `${PACKAGES}.v8`;
const require = createRequire(import.meta.url);

/** Whoever imports one of them from now on gets it from the one file. */
function providePackages(): void {
  for (const [name, exports] of Object.entries(loadPackages())) {
    const file = require.resolve(name);
    const module = new Module(file);
    require.cache[file] = Object.assign(module, { filename: file, loaded: true, exports });
  }
}

/** @returns the exports of each package, by its name */
function loadPackages(): Record<string, unknown> {
  const cachedData = readIfThere(CACHE);
  const source = `(function (exports, require) {${readFileSync(PACKAGES, 'utf8')}\n})`;
  const script = new Script(source, { filename: PACKAGES, ...(cachedData && { cachedData }) });
  const exports: Record<string, unknown> = {};
  script.runInThisContext()(exports, require);
  // After it ran, because V8 compiles a function when it is first called.
  if (!cachedData || script.cachedDataRejected) keep(script.createCachedData());
  return exports;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** In one move, because others read it meanwhile. Where that is not allowed, the next start is as slow as this one. */
function keep(cache: Buffer): void {
  const draft = `${CACHE}.${process.pid}`;
  try {
    writeFileSync(draft, cache);
    renameSync(draft, CACHE);
  } catch {}
}

providePackages();
await import('./shop-host.ts');
