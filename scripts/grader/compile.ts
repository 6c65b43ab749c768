import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type BuildFailure,
  build,
  type Message,
  type OnLoadArgs,
  type Plugin,
  stop,
  transform,
} from 'esbuild';
import { ROOT } from '../shared/paths.ts';
import { ShopDown } from './shop-process/shop-down.ts';

/**
 * How long esbuild's processes stay when nothing is compiled, in milliseconds. They take up to 190 MB after they have compiled the commands;
 * a new one takes some hundredths of a second to start.
 */
const IDLE_MS = 30_000;
let compiling = 0;
let idle: NodeJS.Timeout | undefined;

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
  const maps: Maps = new Map();
  compiling += 1;
  clearTimeout(idle);
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
      plugins: [toJavaScript(maps)],
      logLevel: 'silent',
      // An import from a file that exports nothing at all.
      // And of a file by other capital letters: macOS and Windows find it, and the server that the shop moves to does not.
      logOverride: { 'import-is-undefined': 'error', 'different-path-case': 'error' },
    });
    return outfile;
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const misnamed = error.errors.filter(({ id }) => id === 'different-path-case');
    const [first, ...others] = (misnamed.length ? misnamed : error.errors).map((each) =>
      compilerMessage(each, maps),
    );
    throw new ShopDown('unloaded', first ?? error.message, [first, ...others].join('\n'));
  } finally {
    compiling -= 1;
    if (compiling === 0) idle = setTimeout(stop, IDLE_MS).unref();
  }
}

/** By the path of a file: from the lines of its JavaScript to those of its TypeScript. */
type Maps = Map<string, SourceMap>;

/**
 * Strips the types before the bundler sees a file: given TypeScript, esbuild treats an import of a missing name as a type and
 * drops it silently. Also has `import.meta` name the source file and not the bundle.
 */
const toJavaScript = (maps: Maps): Plugin => ({
  name: 'to JavaScript',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, async ({ path }: OnLoadArgs) => {
      const place = { filename: path, dirname: dirname(path), url: pathToFileURL(path).href };
      const define = Object.fromEntries(
        Object.entries(place).map(([name, value]) => [`import.meta.${name}`, JSON.stringify(value)]),
      );
      const options = {
        loader: 'ts',
        define,
        tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
        // A URL, because esbuild and Node read it as one: of a path they would take C: for a scheme, and # for a fragment.
        sourcefile: pathToFileURL(path).href,
        sourcemap: 'both',
      } as const;
      try {
        const { code, map } = await transform(await readFile(path, 'utf8'), options);
        maps.set(path, new SourceMap(JSON.parse(map)));
        return { contents: code, loader: 'js' };
      } catch (error) {
        if (!isBuildFailure(error)) throw error;
        return { errors: error.errors };
      }
    });
  },
});

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error;
}

/** What esbuild says about an import from a file that exports nothing at all. */
const NO_EXPORTS = /^Import "(.+)" will always be undefined because the file "(.+)" has no exports$/;

/** @param right the path of a file @param wrong the path in an import, the same except for capital letters */
function otherCase(right: string, wrong: string): string {
  const [there, asked] = [right, wrong].map((path) => path.split(/[\\/]/)) as [string[], string[]];
  const first = there.findIndex((name, index) => name !== asked[index]);
  const [isCalled, named] = [there, asked].map((names) => names.slice(first).join('/'));
  return `Could not resolve "${named}": it is called "${isCalled}", and capital letters count`;
}

/** What esbuild says about a path whose capital letters differ from the file's. */
const OTHER_CASE = /^Use "(.+)" instead of "(.+)" to avoid issues with case-sensitive file systems$/;

/** In the form of compilers: 'path:line:column: ERROR: text'. Another file in the text is shown by name: its path is that of a copy. */
function compilerMessage({ text, location }: Message, maps: Maps): string {
  const said = text
    .replace(NO_EXPORTS, 'No matching export in "$2" for import "$1"')
    .replace(OTHER_CASE, (_, right: string, wrong: string) => otherCase(right, wrong))
    .replace(/^(No matching export in ").*\/(.+" for import)/, '$1$2');
  if (!location) return `ERROR: ${said}`;
  const isUrl = location.file.startsWith('file:');
  const file = isUrl ? fileURLToPath(location.file) : resolve(ROOT, location.file);
  // A file without a source map is no TypeScript: its positions are already correct.
  const found = maps.get(file)?.findEntry(location.line - 1, location.column);
  const [line, column] =
    found && 'originalLine' in found
      ? [found.originalLine + 1, found.originalColumn]
      : [location.line, location.column];
  return `${file}:${line}:${column}: ERROR: ${said}`;
}
