import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { tidySync } from '../setup/files.mjs';
import { isRunning } from './is-running.ts';

/**
 * Removes from a folder what killed processes left. What a running process owns stays; a folder that is not there
 * counts as empty.
 * @param owner finds the process ID in a name, as its first group. A match without an ID is removed, too
 */
export function removeAbandoned(folder: string, owner: RegExp): void {
  for (const name of namesIn(folder)) {
    const found = owner.exec(name);
    if (found && !(found[1] && isRunning(Number(found[1])))) tidySync(join(folder, name));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
