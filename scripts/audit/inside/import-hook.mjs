// Node compiles CommonJS packages of ES modules in another way, unless the hook returns no source: then they are
// compiled by Module.prototype._compile, where module-hook.cjs sees them.

/** A load hook of node:module's register(). */
export async function load(url, context, nextLoad) {
  const loaded = await nextLoad(url, context);
  const isPackage = loaded.format === 'commonjs' && url.startsWith('file:');
  return isPackage ? { ...loaded, source: undefined } : loaded;
}
