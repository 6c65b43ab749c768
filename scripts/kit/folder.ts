import { existsSync, readdirSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { kitAt } from '../setup/kit.mjs';
import { UsageError } from '../shared/errors.ts';

/**
 * The kit's folder: the named one, or .workshop/kit. An older kit there is replaced; anything else is an error.
 * @param typedIn the base of a relative path
 * @throws UsageError when something else is there
 */
export function chooseFolder(given: string | undefined, root: string, typedIn: string): string {
  if (kitAt(root)) throw new UsageError('This folder is a kit already. Copy it as it is.');
  const folder = given === undefined ? join(root, '.workshop', 'kit') : resolve(typedIn, given);
  const [first = '', second] = relative(root, folder).split(sep);
  const isInside = first !== '..' && !isAbsolute(first);
  if (isInside && (first !== '.workshop' || second === undefined)) {
    throw new UsageError(
      `${folder} lies in the workshop, which goes into the kit. Name a folder outside it.`,
    );
  }
  if (!existsSync(folder)) return folder;
  if (!statSync(folder).isDirectory()) throw new UsageError(`${folder} is a file. Name a folder.`);
  if (readdirSync(folder).length > 0 && !kitAt(folder)) {
    throw new UsageError(
      `${folder} holds something else than a kit. Name a new folder in it: ${join(folder, 'session-shop')}`,
    );
  }
  if (existsSync(join(folder, '.workshop'))) {
    throw new UsageError(
      `Somebody has worked in ${folder}: there is progress in it. Name another folder, or delete that one.`,
    );
  }
  return folder;
}
