// Packages from a few files, in place of the hundreds that npm installed. They load in a third of the time from there, with
// what V8 has made of them before.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { Script } from 'node:vm';

/** Kept before learner code runs, which may replace them. */
const files = { read: readFileSync, write: writeFileSync, rename: renameSync };
/** The bundles that were loaded without a cache, by the file for it. */
const uncached = new Map<string, Script>();

/** Whoever imports one of its packages from now on gets it from the one file. @param bundle below node_modules */
export function provide(bundle: string): void {
  for (const [name, value] of Object.entries(load(bundle))) {
    provideModule(bundle, name, { value, writable: true });
  }
}

/** The same of a package that not everybody needs: it is loaded when it is imported. */
export function provideLater(bundle: string, name: string): void {
  let loaded: unknown;
  const get = () => {
    loaded ??= load(bundle)[name];
    return loaded;
  };
  provideModule(bundle, name, { get });
}

/**
 * Keeps what V8 has made of the packages for the next process. It compiles a function when that is first called: after the
 * packages were used this is worth twice as much as after they were loaded.
 */
export function keepCompiled(): void {
  for (const [cache, script] of uncached) {
    // Another process may have kept one since: of what both have loaded, a shop has used more than a judge, and is first.
    if (!existsSync(cache)) keep(cache, script.createCachedData());
  }
  uncached.clear();
}

function provideModule(bundle: string, name: string, exports: PropertyDescriptor): void {
  const require = createRequire(bundle);
  const filename = require.resolve(name);
  // Somebody has it already, and there shall be one of it.
  if (require.cache[filename]) return;
  const module = Object.assign(new Module(filename), { filename, loaded: true });
  require.cache[filename] = Object.defineProperty(module, 'exports', exports);
}

/** @returns the exports of each package of a bundle, by its name, loaded when they are looked at */
function load(bundle: string): Record<string, unknown> {
  const cache = `${bundle}.v8`;
  const cachedData = readIfThere(cache);
  const source = `(function (exports, require) {${files.read(bundle, 'latin1')}\n})`;
  const script = new Script(source, { filename: bundle, ...(cachedData && { cachedData }) });
  if (!cachedData || script.cachedDataRejected) uncached.set(cache, script);
  const exports: Record<string, unknown> = {};
  script.runInThisContext()(exports, createRequire(bundle));
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
