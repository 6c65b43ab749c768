import { readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { namesIn } from './files.mjs';
import { dropDraft, isAsMade, openDraft, preparedFolder, settleDraft } from './prepared.mjs';

/** Where the TypeScript of the commands is. */
const SOURCES = ['scripts', 'checks', join('lessons', 'shop')];

/** The commands, and what they import by a path that is known only at run time. */
const ENTRIES = [
  /^scripts\/commands\/[^/]+\.ts$/,
  /^scripts\/course\/run-command\.ts$/,
  /^scripts\/stores\/kit\/host\.ts$/,
  /^scripts\/class\/learner\/report-verdict\.ts$/,
  /^checks\/[^/]+\.check\.ts$/,
  /^checks\/answers\/[^/]+\/answers\.ts$/,
];

/** Thrown when the workshop's own TypeScript has a mistake. The message names the place. */
export class NotCompiled extends Error {}

/**
 * Compiles the commands to JavaScript when they, or what they import, have changed. Packages stay imports.
 *
 * A learner waits for each command, and a TypeScript loader takes longer than most commands.
 * @param {string} root the workshop's folder
 * @param {(line: string) => void} say called when it compiles, which takes a second or two
 * @returns {Promise<string>} the folder with `scripts/commands/check.mjs` and the others
 * @throws {NotCompiled | import('./prepared.mjs').NotPrepared}
 */
export async function compiledCommands(root, say = () => {}) {
  const sources = SOURCES.flatMap((folder) => sourcesIn(root, folder));
  const folder = preparedFolder(root, 'commands', sources);
  if (isAsMade(folder)) return folder;
  const draft = openDraft(folder);
  say('Preparing the commands. This happens once, and again after an update.');
  try {
    await compileCommands(root, sources, draft);
  } catch (error) {
    const failed = dropDraft(draft, error);
    throw error instanceof NotCompiled ? error : failed;
  }
  settleDraft(draft, folder);
  return folder;
}

/**
 * `globalThis.workshop` of the compiled commands: the places of their sources, and their own.
 * @param {string} root the workshop's folder
 * @param {string} folder the result of compiledCommands
 */
export function workshopAt(root, folder) {
  return {
    /** @param {string} path of a source, relative to root */
    placeOf(path) {
      const filename = join(root, path);
      return { filename, dirname: dirname(filename), url: pathToFileURL(filename).href };
    },
    /** @param {string} file a source that is imported by its path @returns {string} the URL of its compiled module */
    compiled(file) {
      return pathToFileURL(join(folder, relative(root, file).replace(/\.ts$/, '.mjs'))).href;
    },
  };
}

/** @param {string} root @param {string} folder @returns {string[]} relative to root, with forward slashes */
function sourcesIn(root, folder) {
  return namesIn(join(root, folder), { recursive: true })
    .filter((name) => /\.(?:ts|mjs)$/.test(name) && !name.endsWith('.test.ts'))
    .map((name) => slashed(join(folder, name)))
    .sort();
}

/** @param {string} root @param {string[]} sources @param {string} outdir */
async function compileCommands(root, sources, outdir) {
  const { build } = await import('esbuild');
  try {
    await build({
      entryPoints: sources.filter((file) => ENTRIES.some((entry) => entry.test(file))),
      outdir,
      outbase: root,
      outExtension: { '.js': '.mjs' },
      absWorkingDir: root,
      bundle: true,
      // A module that two commands import is compiled once, so that both share its classes and its state.
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      packages: 'external',
      sourcemap: 'linked',
      sourcesContent: false,
      define: Object.fromEntries(
        ['url', 'filename', 'dirname'].map((name) => [`import.meta.${name}`, `sourcePlace.${name}`]),
      ),
      plugins: [knowsItsPlace(root)],
      logLevel: 'silent',
    });
  } catch (error) {
    const [first] = /** @type {Partial<import('esbuild').BuildFailure>} */ (error).errors ?? [];
    if (!first) throw error;
    const { file, line } = first.location ?? { file: 'the workshop', line: 0 };
    throw new NotCompiled(
      `The workshop's own code has a mistake. ${file}:${line}: ${first.text}\n` +
        `Whoever changes it can mend it there; git checkout ${file} brings back the one that came with the workshop.`,
    );
  }
}

/**
 * In a source, `import.meta` must mean the source and not the module that esbuild makes of it. The path is
 * found at run time, because copies of the workshop may share their packages, and so these modules.
 * @param {string} root
 * @returns {import('esbuild').Plugin}
 */
function knowsItsPlace(root) {
  return {
    name: 'knows its place',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        if (!source.includes('import.meta.')) return undefined;
        const place = JSON.stringify(slashed(relative(root, path)));
        return {
          contents: `const sourcePlace = globalThis.workshop.placeOf(${place});${source}`,
          loader: 'ts',
        };
      });
    },
  };
}

/** @param {string} path */
function slashed(path) {
  return path.split(sep).join('/');
}
