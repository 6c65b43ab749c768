import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildFailure, build, type Message, type OnLoadArgs, type Plugin, transform } from 'esbuild';
import { ROOT } from './paths.ts';
import { ShopDown } from './shop-down.ts';

/**
 * Makes one JavaScript module of TypeScript: a file and all that it imports by path. Packages stay imports. Errors that are
 * thrown in it name the lines of the TypeScript, and `import.meta` tells where the TypeScript is.
 *
 * Shops get their code compiled, because a TypeScript loader in each of their processes takes longer than all the rest of
 * their start.
 * @param outfile where the module goes: inside the project, so that it finds the packages
 * @returns outfile
 * @throws ShopDown when it is no TypeScript, or imports by path what is not there
 */
export async function compile(entry: string, outfile: string): Promise<string> {
  try {
    await build({
      entryPoints: [entry],
      outfile,
      absWorkingDir: ROOT,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: 'inline',
      sourcesContent: false,
      plugins: [knowsItsPlace],
      logLevel: 'silent',
    });
    return outfile;
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const [first, ...others] = error.errors.map(inWords);
    throw new ShopDown('unloaded', first ?? error.message, [first, ...others].join('\n'));
  }
}

/** A file that asks `import.meta` where it is means itself, and not the module that it becomes a part of. */
const knowsItsPlace: Plugin = {
  name: 'knows its place',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }: OnLoadArgs) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta')) return { contents: text, loader: 'ts' };
      const place = { filename: path, dirname: dirname(path), url: pathToFileURL(path).href };
      const define = Object.fromEntries(
        Object.entries(place).map(([name, value]) => [`import.meta.${name}`, JSON.stringify(value)]),
      );
      const { code } = await transform(text, { loader: 'ts', define, sourcefile: path, sourcemap: 'inline' });
      return { contents: code, loader: 'js' };
    });
  },
};

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error;
}

/** As compilers say it: 'path:line:column: ERROR: text'. The path of another file in the text is that of a copy: its name is enough. */
function inWords({ text, location }: Message): string {
  const said = text.replace(/^(No matching export in ").*\/(.+" for import)/, '$1$2');
  if (!location) return `ERROR: ${said}`;
  return `${join(ROOT, location.file)}:${location.line}:${location.column}: ERROR: ${said}`;
}
