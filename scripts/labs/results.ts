import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../shared/paths.ts';
import { stateDir, unwritable } from '../shared/state-dir.ts';
import { writeWhole } from '../shared/write-whole.ts';
import type { Lab } from './lab.ts';
import type { Result } from './measure.ts';
import { renderPage } from './page.ts';

/**
 * Stores a result under `.workshop/labs/`, as a chart page and as JSON. Results of --quick or of a stopped run
 * do not replace those of a full run.
 * @returns the page's path
 */
export function keep(lab: Lab, result: Result, root = ROOT): string {
  const dir = join(stateDir(root), 'labs');
  const kind = result.complete ? (result.size === 'quick' ? '.quick' : '') : '.stopped';
  const page = join(dir, `${lab.name}${kind}.html`);
  try {
    mkdirSync(dir, { recursive: true });
    writeWhole(join(dir, `${lab.name}${kind}.json`), `${JSON.stringify(result, null, 2)}\n`);
    writeWhole(page, renderPage(result, lab.charts));
  } catch (error) {
    throw unwritable(page, root, error);
  }
  return page;
}
