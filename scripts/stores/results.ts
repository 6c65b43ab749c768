import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ROOT } from '../shared/paths.ts';
import { writeState } from '../shared/state-dir.ts';
import { BEHAVIOURS } from './behaviours/index.ts';
import type { Measured, StoreResult } from './measured.ts';
import { renderHtml } from './page/html.ts';
import { renderEvidence, renderMarkdown } from './page/markdown.ts';

/** The measurements that come with the workshop, for lessons/reference/stores.md. */
export const SHIPPED = join(import.meta.dirname, 'measured.json');

export function shipped(): Measured {
  if (!existsSync(SHIPPED)) return { schema: 1, stores: [], skipped: [] };
  return JSON.parse(readFileSync(SHIPPED, 'utf8')) as Measured;
}

/**
 * Stores a result under `.workshop/labs/`, as a page and as JSON.
 * @param name 'stores', or the name of a partial run: 'stores.quick'
 * @returns the page's path
 */
export function keep(measured: Measured, name: string, root = ROOT): string {
  const dir = join(root, '.workshop', 'labs');
  const page = join(dir, `${name}.html`);
  writeState(join(dir, `${name}.json`), `${JSON.stringify(measured, null, 2)}\n`, root);
  writeState(page, renderHtml(measured), root);
  return page;
}

/** The pages of lessons/reference/ and their measurements, by path: for maintainers of the workshop. */
export function pagesOf(measured: Measured): Record<string, string> {
  return {
    'lessons/reference/stores.md': renderMarkdown(measured),
    'lessons/reference/stores-evidence.md': renderEvidence(measured),
  };
}

/** Without the folders of the measuring machine. */
function withoutFolders(json: string): string {
  return json.replaceAll(/(?<!…)(?:[A-Z]:)?[\\/][^\s"',)]*?(workshop-store-\w+|node_modules)/g, '…/$1');
}

/** Some cells of a store replace its cells of the same versions; a full measurement replaces everything. */
function merged({ stores }: Measured, store: StoreResult): StoreResult {
  const { measuredAt, ...old } = stores.find(({ name }) => name === store.name) ?? store;
  const isWhole = BEHAVIOURS.every(({ id }) => store.cells[id]);
  if (
    isWhole ||
    `${old.versions}${old.backend}${old.node}` !== `${store.versions}${store.backend}${store.node}`
  )
    return store;
  return { ...old, measuredAt, againAt: store.measuredAt, cells: { ...old.cells, ...store.cells } };
}

/** Writes them. A new measurement replaces the earlier one of the same store. */
export function ship(measured: Measured, root = ROOT): void {
  const before = shipped();
  const names = new Set(measured.stores.map(({ name }) => name));
  const stay = before.stores.filter(({ name }) => !names.has(name));
  const known = [...stay, ...measured.stores.map((store) => merged(before, store))];
  const stores = known.sort((one, other) => one.name.localeCompare(other.name));
  const all: Measured = {
    schema: 1,
    stores,
    skipped: measured.skipped.filter(({ name }) => !stores.some((store) => store.name === name)),
  };
  writeFileAtomic.sync(SHIPPED, withoutFolders(`${JSON.stringify(all, null, 1)}\n`));
  for (const [path, text] of Object.entries(pagesOf(shipped()))) writeFileAtomic.sync(join(root, path), text);
}
