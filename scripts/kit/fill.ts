import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { megabytes, Progress } from '../mongo/download-progress.ts';
import { BINARIES, KIT } from '../setup/kit.mjs';
import { copyWorkshop, writeChecksums } from './copy.ts';
import { fetchTarballs } from './fetch.ts';
import { type LockFile, neededTarballs, pointedAt, type Tarball } from './lock.ts';
import { collectMongods, type Mongods } from './mongods.ts';
import type { Platform } from './platforms.ts';
import { startHere } from './start-here.ts';

/** The optional parts of a kit. */
export interface Contents {
  readonly platforms: readonly Platform[];
  /** The development packages, for `npm test`. */
  readonly tests: boolean;
  /** Compass's interface for the browser. */
  readonly compass: boolean;
}

/** A lock file of the workshop, and the path from it to the archives. */
const MAIN = { file: 'package-lock.json', way: `${KIT}/packages` };
/** npm run lab, npm run audit and npm run compass install from copies of these lock files, two folders down. */
const LABS = { file: 'scripts/labs/packages/package-lock.json', way: `../../${KIT}/packages` };
const AUDIT = { file: 'scripts/audit/packages/package-lock.json', way: `../../${KIT}/packages` };
const COMPASS = { file: 'scripts/compass/packages/package-lock.json', way: `../../${KIT}/packages` };

/**
 * Makes the kit of the workshop at `root` in an empty folder.
 * @param cache the folder with what was fetched, for the next kit
 * @returns lines that describe the kit
 */
export async function fillKit(
  folder: string,
  root: string,
  cache: string,
  contents: Contents,
): Promise<string[]> {
  const { platforms, tests, compass } = contents;
  const locks = [MAIN, LABS, AUDIT, ...(compass ? [COMPASS] : [])]
    .filter(({ file }) => existsSync(join(root, file)))
    .map(({ file, way }) => {
      const lock = JSON.parse(readFileSync(join(root, file), 'utf8')) as LockFile;
      return { file, way, lock, tarballs: neededTarballs(lock, platforms, tests) };
    });
  const tarballs = locks.flatMap((each) => each.tarballs);
  const progress = new Progress();
  progress.say(`A kit for ${platforms.join(', ')}.`);
  progress.say(`It takes about ${describeSize(contents)}.`);

  await fetchTarballs(tarballs, join(cache, 'packages'));
  copyWorkshop(root, folder);
  for (const { file, way, lock, tarballs: own } of locks) {
    writeFileSync(join(folder, file), `${JSON.stringify(pointedAt(lock, own, way), null, 2)}\n`);
  }
  mkdirSync(join(folder, KIT, 'packages'), { recursive: true });
  for (const { file } of tarballs) {
    copyFileSync(join(cache, 'packages', file), join(folder, KIT, 'packages', file));
  }
  const mongods = await collectMongods(platforms, join(cache, 'mongod'), join(folder, BINARIES));
  const about = { schema: 1, made: new Date().toISOString(), platforms, tests, compass };
  writeFileSync(join(folder, KIT, 'kit.json'), `${JSON.stringify(about, null, 2)}\n`);
  writeFileSync(join(folder, 'START-HERE.txt'), startHere(about));
  progress.line('Writing the checksums ...');
  const files = writeChecksums(folder);
  progress.clear();
  return contentsText(contents, tarballs, mongods, `${files} files, ${megabytes(sizeOf(folder))}`);
}

/** Measured sizes, printed before the download: a lock file has none. */
function describeSize({ platforms: { length }, tests }: Contents): string {
  const packages = tests ? 25 + 65 * length : 14 + 5 * length;
  const mongod =
    process.env.WORKSHOP_MONGO === 'embedded' ? '' : ', and 200 MB for each mongod that can be had';
  return `${packages} MB of packages${mongod}`;
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function contentsText(
  { platforms, tests, compass }: Contents,
  tarballs: readonly Tarball[],
  { there, why }: Mongods,
  size: string,
): string[] {
  const [binaries, elsewhere] = there.length > 0 ? [there.join(', '), 'elsewhere '] : ['none', ''];
  return [
    `  size      ${size}`,
    `  packages  ${tarballs.length}, for ${platforms.join(', ')}`,
    `  mongod    ${binaries}${why ? `; ${elsewhere}the embedded engine stands in, which needs nothing` : ''}`,
    ...(why ? [`            ${why}`] : []),
    `  npm test  ${tests ? 'works' : 'needs the network; --with-tests takes its packages along'}`,
    `  Compass   ${compass ? 'in a browser tab works; its licence, the SSPL, is in its package' : 'in a browser tab needs the network; --with-compass takes it along'}`,
    '',
    'Copy the whole folder to a stick or a share. START-HERE.txt in it says the rest.',
  ];
}
