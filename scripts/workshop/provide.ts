// Packages from one file each, in place of the hundreds that npm installed. They load in a third of the time from there, with
// what V8 has made of them before.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

const require = createRequire(import.meta.url);
/** Kept before learner code runs, which may replace them. */
const files = { read: readFileSync, write: writeFileSync, rename: renameSync };
/** The bundles that were loaded without a cache, by the file for it. */
const uncached = new Map<string, Script>();

/** Whoever imports one of its packages from now on gets it from the one file. */
export function provide(bundle: string): void {
  for (const [name, value] of Object.entries(load(bundle))) provideModule(name, { value, writable: true });
}

/** The same of a package that few need: it is loaded when it is imported. */
export function provideLater(bundle: string, name: string): void {
  let loaded: unknown;
  const get = () => {
    loaded ??= load(bundle)[name];
    return loaded;
  };
  provideModule(name, { get });
}

/**
 * Keeps what V8 has made of the packages for the next process. It compiles a function when that is first called: after the
 * packages were used this is worth twice as much as after they were loaded.
 */
export function keepCompiled(): void {
  for (const [cache, script] of uncached) keep(cache, script.createCachedData());
  uncached.clear();
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
  const source = `(function (exports, require) {${files.read(filename, 'latin1')}\n})`;
  const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
  if (!cachedData || script.cachedDataRejected) uncached.set(cache, script);
  const exports: Record<string, unknown> = {};
  script.runInThisContext()(exports, require);
  return exports;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return files.read(file);
  } catch {
    return undefined;
  }
}

/** In one move, because others read it meanwhile. Where that is not allowed, the next start is as slow as this one. */
function keep(file: string, cache: Buffer): void {
  const draft = `${file}.${process.pid}`;
  try {
    files.write(draft, cache);
    files.rename(draft, file);
  } catch {}
}
