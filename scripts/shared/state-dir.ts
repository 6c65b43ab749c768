import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from './errors.ts';
import { ROOT, shown } from './paths.ts';

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

/** An error for a place under .workshop/ or work/ that cannot be written. */
export function unwritable(path: string, root: string, error: unknown): EnvironmentError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const [top = ''] = shown(path, root).split('/');
  return new EnvironmentError(
    `${shown(path, root)} cannot be written (${code}). The workshop keeps your ${top === 'work' ? 'answers' : 'progress and its copies'} there: ` +
      `make ${top} a folder that you may write to, or move it away, and run the command again.`,
  );
}
