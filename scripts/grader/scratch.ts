import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../processes/is-running.ts';
import { tidySync } from '../setup/files.mjs';
import { ROOT } from '../shared/paths.ts';
import { stateDir, unwritable } from '../shared/state-dir.ts';

let made = 0;
/** The folders that have not been removed: whatever ends this process, they go with it. */
const present = new Set<ScratchFolder>();
process.on('exit', () => {
  for (const folder of present) folder.remove();
});

/** A folder under `.workshop/graded/` for copies and compiled code. It goes with this process, at the latest. */
export class ScratchFolder {
  readonly path: string;

  /** @throws EnvironmentError when `.workshop/` cannot be written */
  constructor(root = ROOT) {
    const graded = join(stateDir(root), 'graded');
    sweepAbandoned(graded);
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

/** Removes what a killed grader left. A process that lives keeps its folders. */
function sweepAbandoned(graded: string): void {
  if (!existsSync(graded)) return;
  for (const name of readdirSync(graded)) {
    if (!isRunning(Number.parseInt(name, 10))) tidySync(join(graded, name));
  }
}
