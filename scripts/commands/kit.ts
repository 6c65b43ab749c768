import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fillKit } from '../kit/fill.ts';
import { chooseFolder } from '../kit/folder.ts';
import { readPlatforms } from '../kit/platforms.ts';
import { moveSync, removeSync, tidySync } from '../setup/files.mjs';
import { readArguments, whereTyped } from '../shared/arguments.ts';
import { EnvironmentError, EXIT, UsageError } from '../shared/errors.ts';
import { ROOT } from '../shared/paths.ts';
import { stateDir } from '../shared/state-dir.ts';

const OPTIONS = {
  platform: { type: 'string' },
  'with-tests': { type: 'boolean' },
  'with-compass': { type: 'boolean' },
} as const;

/**
 * `npm run kit [folder]`: makes one folder from which a machine with only Node installs and runs the workshop without a network.
 */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, OPTIONS);
  if (positionals.length > 1) {
    throw new UsageError(`npm run kit takes one folder, and was given ${positionals.join(' ')}.`);
  }
  const platforms = readPlatforms(values.platform as string | undefined);
  const folder = chooseFolder(positionals[0], ROOT, whereTyped('kit'));

  // Made in a temporary folder beside its place, and then moved there: whenever this is stopped, its place has
  // a whole kit or none.
  let half = '';
  const remove = () => half && tidySync(half);
  process.once('exit', remove);
  try {
    mkdirSync(dirname(folder), { recursive: true });
    half = mkdtempSync(`${folder}.half-`);
    // Only its owner may read a new temporary folder. Others must read a kit.
    chmodSync(half, 0o755);
    const lines = await fillKit(half, ROOT, join(stateDir(), 'kit-cache'), {
      platforms,
      tests: values['with-tests'] === true,
      compass: values['with-compass'] === true,
    });
    removeSync(folder);
    moveSync(half, folder);
    console.log([`The kit is in ${folder}`, ...lines].join('\n'));
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || path === undefined) throw error;
    throw new EnvironmentError(
      `The kit could not be written: ${path} (${code}). Is there room, and may you write there?`,
    );
  } finally {
    process.off('exit', remove);
    remove();
  }
  return EXIT.ok;
}
