import { readFileSync } from 'node:fs';
import { escaped } from '../../shared/html.ts';
import { BEHAVIOURS } from '../behaviours/index.ts';
import { GROUPS } from '../kit/behaviour.ts';
import type { Measured, StoreResult } from '../measured.ts';
import { mark } from '../table.ts';

/** The table as one file that asks no host for anything: sortable, with the evidence of a cell when it is opened. */
export function renderHtml({ stores, skipped }: Measured): string {
  const own = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>Session stores, measured</title>
<style>${own('page.css')}</style>
</head>
<body>
<main>
<h1>Session stores, measured</h1>
<p>✓ as it should be · ✗ not, and an app depends on it · ! not, and it is good to have · – not tested. Press a column’s head to sort by it, a cell for its
evidence.</p>
${Object.entries(GROUPS)
  .map(([group, title]) => table(title, group, stores))
  .join('\n')}
${speed(stores)}
<h2>Versions</h2>
<ul>${stores.map((store) => `<li>${escaped(`${store.name}: ${[...store.versions, store.backend].join(', ')}; Node ${store.node}; ${store.measuredAt.slice(0, 10)}${store.size === 'quick' ? ', with --quick' : ''}`)}</li>`).join('')}</ul>
${skipped.length ? `<h2>Left out</h2><ul>${skipped.map(({ name, why }) => `<li>${escaped(`${name}: ${why}`)}</li>`).join('')}</ul>` : ''}
</main>
<dialog id="evidence" aria-labelledby="what"><h2 id="what"></h2><p id="question"></p><p id="seen"></p><p id="trap"></p><form method="dialog"><button>Close</button></form></dialog>
<script>${own('sort.js')}</script>
</body>
</html>
`;
}

function table(title: string, group: string, stores: readonly StoreResult[]): string {
  const behaviours = BEHAVIOURS.filter((behaviour) => behaviour.group === group);
  const head = behaviours.map(
    (each) =>
      `<th scope="col" title="${escaped(each.question)}"><button type="button">${escaped(each.title)}</button></th>`,
  );
  const rows = stores.map((store) => {
    const cells = behaviours.map((behaviour) => {
      const cell = store.cells[behaviour.id];
      const sign = mark(cell, behaviour);
      const kind = { '✓': 'ok', '✗': 'bad', '!': 'wish', '–': 'none' }[sign];
      const data = `data-what="${escaped(`${store.name}: ${behaviour.title}`)}" data-question="${escaped(behaviour.question)}" data-seen="${escaped(cell?.evidence ?? 'It was not reached.')}" data-trap="${escaped(cell?.verdict === 'bad' ? `${behaviour.trap} Lesson ${behaviour.lesson}.` : '')}"`;
      return `<td class="${kind}"><button type="button" ${data}>${escaped(`${sign} ${cell?.short ?? ''}`)}</button></td>`;
    });
    return `<tr><th scope="row">${escaped(store.name)}</th>${cells.join('')}</tr>`;
  });
  return section(title, head, rows);
}

function speed(stores: readonly StoreResult[]): string {
  if (!stores.some((store) => store.speed)) return '';
  const rows = stores.map(({ name, speed }) => {
    const cells = [speed?.looks, speed?.changes].map(
      (value) => `<td class="none">${value === undefined ? '–' : value.toFixed(2)}</td>`,
    );
    return `<tr><th scope="row">${escaped(name)}</th>${cells.join('')}</tr>`;
  });
  const head = ['looks', 'changes'].map(
    (name) => `<th scope="col"><button type="button">${name}</button></th>`,
  );
  return section('Speed, as a part of MemoryStore in the same run', head, rows);
}

const section = (
  title: string,
  head: readonly string[],
  rows: readonly string[],
) => `<h2>${escaped(title)}</h2>
<div class="table" tabindex="0" role="region" aria-label="${escaped(title)}"><table>
<thead><tr><th scope="col"><button type="button">store</button></th>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
