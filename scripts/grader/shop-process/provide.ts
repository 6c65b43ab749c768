// Packages from one file in place of the hundreds of files that npm installed. With V8's code cache beside it, the file loads in a third
// of the time.
import { readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { Script } from 'node:vm';

/** Wraps a function of a package so that its calls are noted. The bundle exports it. */
export type WatchCalls = <F extends object>(
  target: F,
  note: (...args: never[]) => void,
  wrap: (result: never) => unknown,
) => F;

/**
 * Loads all packages of a bundle now, and has every later import get them from there. Writes V8's cache when there is none.
 * @param adapt returns what is provided in place of a package
 */
export function preload(
  bundle: string,
  adapt: Readonly<Record<string, (value: never, watchCalls: WatchCalls) => unknown>> = {},
): void {
  const { packages, writeCache } = load(bundle);
  for (const [name, loaded] of Object.entries(packages)) {
    const value = adapt[name] ? adapt[name](loaded as never, packages.watchCalls as WatchCalls) : loaded;
    provide(bundle, name, { value, writable: true });
  }
  writeCache?.();
}

/** Has every later import of one package get it from a bundle, which is loaded at the first one. */
export function provideLater(bundle: string, name: string): void {
  let loaded: unknown;
  const get = () => {
    loaded ??= load(bundle).packages[name];
    return loaded;
  };
  provide(bundle, name, { get });
}

function provide(bundle: string, name: string, exports: PropertyDescriptor): void {
  const require = createRequire(bundle);
  const filename = require.resolve(name);
  // Already loaded: two copies of a package would break instanceof.
  if (require.cache[filename]) return;
  const module = Object.assign(new Module(filename), { filename, loaded: true });
  require.cache[filename] = Object.defineProperty(module, 'exports', exports);
}

/** @returns the packages by name, each loaded when it is read, and a function that writes the cache when no valid one is there */
function load(bundle: string): { packages: Record<string, unknown>; writeCache?: () => void } {
  const cache = `${bundle}.v8`;
  const cachedData = readIfThere(cache);
  const source = `(function (exports, require) {${readFileSync(bundle, 'latin1')}\n})`;
  const script = new Script(source, { filename: bundle, ...(cachedData && { cachedData }) });
  const packages: Record<string, unknown> = {};
  script.runInThisContext()(packages, createRequire(bundle));
  if (cachedData && !script.cachedDataRejected) return { packages };
  return { packages, writeCache: () => write(cache, script.createCachedData()) };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** In one move, because other processes read it. When the move is not allowed, the next start is as slow as this one. */
function write(file: string, data: Buffer): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, data);
    renameSync(draft, file);
  } catch {
    unlinkIfThere(draft);
  }
}

function unlinkIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch {}
}
