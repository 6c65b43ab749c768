import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from '../setup/packages.mjs';
import { EnvironmentError } from '../shared/errors.ts';
import { fetchPackages } from '../shared/fetched-packages.ts';
import { ROOT } from '../shared/paths.ts';
import { stateDir } from '../shared/state-dir.ts';
import type { KnownStore } from './catalogue.ts';

/** A store whose packages are installed. */
export interface ReadyStore {
  /** The file that opens it. */
  readonly module: string;
  /** Its packages, with their versions: 'connect-redis 9.0.0'. */
  readonly versions: readonly string[];
}

/**
 * Fetches the packages of a store into `.workshop/stores/NAME`, at its first use.
 * @returns undefined when a signal stopped npm
 * @throws {EnvironmentError} when they cannot be fetched or built
 */
export async function makeReady(
  store: KnownStore,
  say: (line: string) => void,
  root = ROOT,
): Promise<ReadyStore | undefined> {
  if (!store.isFetched) {
    return {
      module: join(store.folder, 'open.mjs'),
      versions: versionsIn(join(root, 'node_modules'), store),
    };
  }
  const folder = join('stores', store.name);
  mkdirSync(join(stateDir(root), 'stores'), { recursive: true });
  const set = {
    folder,
    pinned: store.folder,
    about: [
      `Fetching ${store.title} from npm, once, into .workshop/${folder.replaceAll('\\', '/')}. Ctrl+C stops it.`,
    ],
    named: `The packages of ${store.name}`,
    otherwise: 'The other stores do not need them.',
  };
  const packages = await fetchPackages(set, say, root);
  if (!packages) return undefined;
  const home = join(stateDir(root), folder);
  build(store, home, say);
  const module = join(home, 'open.mjs');
  copyFileSync(join(store.folder, 'open.mjs'), module);
  return { module, versions: versionsIn(packages, store) };
}

/** npm builds C++ code, or downloads it built. No other script of a package runs during the fetch. */
function build({ name, build }: KnownStore, home: string, say: (line: string) => void): void {
  const mark = join(home, 'built');
  if (build.length === 0 || existsSync(mark)) return;
  say(`Building ${build.join(', ')}: a minute or two.`);
  const { file, args, env, shell } = npmCommand(['rebuild', '--loglevel=error', ...build]);
  const { status } = spawnSync(file, args, { cwd: home, env, shell, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    throw new EnvironmentError(
      `${build.join(', ')} of ${name} could not be built (npm rebuild ended with ${status}). It needs a compiler: on Debian, sudo apt install build-essential python3. The other stores do not need it.`,
    );
  }
  writeFileSync(mark, '');
}

function versionsIn(packages: string, store: KnownStore): string[] {
  return store.packages.map((name) => {
    const { version } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'));
    return `${name} ${version}`;
  });
}
