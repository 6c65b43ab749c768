import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ROOT } from '../shared/paths.ts';
import { stateDir, unwritable } from '../shared/state-dir.ts';
import type { Measured } from './measured.ts';
import { renderHtml } from './page/html.ts';
import { renderEvidence, renderMarkdown } from './page/markdown.ts';

/** What came with the workshop: the measurements of lessons/reference/stores.md. */
export const SHIPPED = join(import.meta.dirname, 'measured.json');

export function shipped(): Measured {
  if (!existsSync(SHIPPED)) return { schema: 1, stores: [], skipped: [] };
  return JSON.parse(readFileSync(SHIPPED, 'utf8')) as Measured;
}

/**
 * Keeps a result under `.workshop/labs/`, as a page and as JSON.
 * @param name 'stores', or what tells it from a full run: 'stores.quick'
 * @returns the page's path
 */
export function keep(measured: Measured, name: string, root = ROOT): string {
  const dir = join(stateDir(root), 'labs');
  const page = join(dir, `${name}.html`);
  try {
    mkdirSync(dir, { recursive: true });
    writeFileAtomic.sync(join(dir, `${name}.json`), `${JSON.stringify(measured, null, 2)}\n`);
    writeFileAtomic.sync(page, renderHtml(measured));
  } catch (error) {
    throw unwritable(page, root, error);
  }
  return page;
}

/** The pages of lessons/reference/ and the measurements behind them, by path: for who maintains the workshop. */
export function pagesOf(measured: Measured): Record<string, string> {
  return {
    'lessons/reference/stores.md': renderMarkdown(measured),
    'lessons/reference/stores-evidence.md': renderEvidence(measured),
  };
}

/** Without the folders of the machine that measured: they say nothing. */
function withoutFolders(json: string): string {
  return json.replaceAll(/(?:[A-Z]:)?[\\/][^\s"',)]*?(workshop-store-\w+|node_modules)/g, '…/$1');
}

/** Writes them. What was measured replaces what was there of the same store. */
export function ship(measured: Measured, root = ROOT): void {
  const before = shipped();
  const names = new Set(measured.stores.map(({ name }) => name));
  const known = [...before.stores.filter(({ name }) => !names.has(name)), ...measured.stores];
  const stores = known.sort((one, other) => one.name.localeCompare(other.name));
  const all: Measured = {
    schema: 1,
    stores,
    skipped: measured.skipped.filter(({ name }) => !stores.some((store) => store.name === name)),
  };
  writeFileAtomic.sync(SHIPPED, withoutFolders(`${JSON.stringify(all, null, 1)}\n`));
  for (const [path, text] of Object.entries(pagesOf(shipped()))) writeFileAtomic.sync(join(root, path), text);
}
