import { readFileSync } from 'node:fs';
import { escaped, wholePage } from '../../shared/html.ts';
import { BEHAVIOURS } from '../behaviours/index.ts';
import { GROUPS } from '../kit/behaviour.ts';
import type { Measured, StoreResult } from '../measured.ts';
import { mark } from '../table.ts';

/** The table as one file that loads nothing: sortable, and a cell opens to its evidence. */
export function renderHtml({ stores, skipped }: Measured): string {
  const own = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');
  const body = `<main>
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
<script>${own('sort.js')}</script>`;
  return wholePage({ title: 'Session stores, measured', style: own('page.css'), body });
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
      const data = `data-what="${escaped(`${store.name}: ${behaviour.title}`)}" data-question="${escaped(behaviour.question)}" data-seen="${escaped(cell?.evidence ?? 'This question is newer than the measurement.')}" data-trap="${escaped(cell?.verdict === 'bad' ? `${behaviour.trap} Lesson ${behaviour.lesson}.` : '')}"`;
      return `<td class="${kind}"><button type="button" ${data}>${escaped(`${sign} ${cell?.short ?? ''}`)}</button></td>`;
    });
    return `<tr><th scope="row">${escaped(store.name)}</th>${cells.join('')}</tr>`;
  });
  return section(title, head, rows);
}

function speed(stores: readonly StoreResult[]): string {
  if (!stores.some((store) => store.speed)) return '';
  const rows = stores.map(({ name, speed }) => {
    const figures = speed
      ? [
          speed.looks.toFixed(2),
          speed.changes.toFixed(2),
          `${Math.round(speed.load)} on ${speed.cores} cores`,
        ]
      : ['–', '–', '–'];
    const cells = figures.map((figure) => `<td class="none">${figure}</td>`);
    return `<tr><th scope="row">${escaped(name)}</th>${cells.join('')}</tr>`;
  });
  const head = ['looks', 'changes', 'load'].map(
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
