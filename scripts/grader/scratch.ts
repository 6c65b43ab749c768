import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeAbandoned } from '../processes/abandoned.ts';
import { tidySync } from '../setup/files.mjs';
import { ROOT } from '../shared/paths.ts';
import { stateDir, unwritable } from '../shared/state-dir.ts';

let made = 0;
/** The folders that have not been removed. They are removed when this process exits. */
const present = new Set<ScratchFolder>();
process.on('exit', () => {
  for (const folder of present) folder.remove();
});

/** A folder under `.workshop/graded/` for copies and compiled code. It is removed when this process exits, at the latest. */
export class ScratchFolder {
  readonly path: string;

  /** @throws EnvironmentError when `.workshop/` cannot be written */
  constructor(root = ROOT) {
    const graded = join(stateDir(root), 'graded');
    // Removes what a killed grader left.
    removeAbandoned(graded, /^(?:(\d+)-|)/);
    made += 1;
    this.path = join(graded, `${process.pid}-${made}`);
    try {
      mkdirSync(this.path, { recursive: true });
    } catch (error) {
      throw unwritable(this.path, root, error);
    }
    present.add(this);
  }

  remove(): void {
    present.delete(this);
    tidySync(this.path);
  }
}
