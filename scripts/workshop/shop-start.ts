// Starts a shop process. It is compiled, see compiled-start.ts, to start.mjs beside packages.cjs: the packages that
// every lesson imports, in one file, and redis.cjs. They load in a third of the time from there, with what V8 made of them
// the last time.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

const require = createRequire(import.meta.url);

/** Whoever imports one of its packages from now on gets it from the one file. */
function provide(bundle: string): void {
  for (const [name, value] of Object.entries(load(bundle))) provideModule(name, { value, writable: true });
}

/** The same of a package that few need: it is loaded when it is imported. */
function provideLater(bundle: string, name: string): void {
  let loaded: unknown;
  const get = () => {
    loaded ??= load(bundle)[name];
    return loaded;
  };
  provideModule(name, { get });
}

function provideModule(name: string, exports: PropertyDescriptor): void {
  const filename = require.resolve(name);
  const module = Object.assign(new Module(filename), { filename, loaded: true });
  require.cache[filename] = Object.defineProperty(module, 'exports', exports);
}

/** @returns the exports of each package of a bundle, by its name */
function load(bundle: string): Record<string, unknown> {
  const filename = join(import.meta.dirname, bundle);
  const cache = `${filename}.v8`;
  const cachedData = readIfThere(cache);
  const source = `(function (exports, require) {${readFileSync(filename, 'utf8')}\n})`;
  const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
  const exports: Record<string, unknown> = {};
  script.runInThisContext()(exports, require);
  // After it ran, because V8 compiles a function when it is first called.
  if (!cachedData || script.cachedDataRejected) keep(cache, script.createCachedData());
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
function keep(file: string, cache: Buffer): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, cache);
    renameSync(draft, file);
  } catch {}
}

provide('packages.cjs');
provideLater('redis.cjs', 'redis');
await import('./shop-host.ts');
