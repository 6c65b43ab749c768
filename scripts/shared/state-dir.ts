import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentError } from './errors.ts';
import { ROOT, shown } from './paths.ts';
import { writeWhole } from './write-whole.ts';

/** The folder `.workshop/`, made when it is missing. @throws EnvironmentError when it cannot be made */
export function stateDir(root = ROOT): string {
  const dir = join(root, '.workshop');
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw unwritable(dir, root, error);
  }
  return dir;
}

/**
 * Writes a file under `.workshop/` and makes its folders. If the process is killed meanwhile, the old file or the new one is there, whole.
 * @param options mode: the file's rights, such as 0o600 for this user alone
 * @throws EnvironmentError when the system refuses
 */
export function writeState(path: string, text: string, root = ROOT, options: { mode?: number } = {}): void {
  stateDir(root);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, text, options);
  } catch (error) {
    throw unwritable(path, root, error);
  }
}

/** The error for a place under .workshop/ or work/ that the system refuses to write. Any other error is returned unchanged. */
export function unwritable(path: string, root: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return error;
  const [top = ''] = shown(path, root).split('/');
  return new EnvironmentError(
    `${shown(path, root)} cannot be written (${code}). The workshop keeps your ${top === 'work' ? 'answers' : 'progress and its copies'} there: ` +
      `make ${top} a folder that you may write to, or move it away, and run the command again.`,
  );
}
