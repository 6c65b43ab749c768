import { existsSync, readFileSync, statSync } from 'node:fs';
import { whenReleased } from '../setup/files.mjs';
import { EnvironmentError } from './errors.ts';
import { shown } from './paths.ts';

/**
 * Reads the object in a JSON file under `.workshop/`.
 * @returns undefined when there is no file, null when no object is in it
 * @throws EnvironmentError when a folder, a FIFO or a device is in its place: reading one could wait for ever
 */
export function readStateFile(file: string, root: string): Record<string, unknown> | null | undefined {
  if (!existsSync(file)) return undefined;
  if (!statSync(file).isFile()) throw inTheWay(file, root, 'file');
  try {
    const content: unknown = JSON.parse(whenReleased(() => readFileSync(file, 'utf8')));
    return isRecord(content) ? content : null;
  } catch (error) {
    // Another command may have removed it in the meantime.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : null;
  }
}

/** The error when a file is in the place of a folder under `.workshop/`, or the other way round. */
export function inTheWay(path: string, root: string, wanted: 'file' | 'folder'): EnvironmentError {
  return new EnvironmentError(
    `${shown(path, root)} is not a ${wanted}. Move it away, and run the command again.`,
  );
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
