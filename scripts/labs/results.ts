import { join } from 'node:path';
import { ROOT } from '../shared/paths.ts';
import { writeState } from '../shared/state-dir.ts';
import type { Lab } from './lab.ts';
import type { Result } from './measure.ts';
import { renderPage } from './page.ts';

/**
 * Stores a result under `.workshop/labs/`, as a chart page and as JSON. Results of --quick or of a stopped run
 * do not replace those of a full run.
 * @returns the page's path
 */
export function keep(lab: Lab, result: Result, root = ROOT): string {
  const dir = join(root, '.workshop', 'labs');
  const kind = result.complete ? (result.size === 'quick' ? '.quick' : '') : '.stopped';
  const page = join(dir, `${lab.name}${kind}.html`);
  writeState(join(dir, `${lab.name}${kind}.json`), `${JSON.stringify(result, null, 2)}\n`, root);
  writeState(page, renderPage(result, lab.charts), root);
  return page;
}
