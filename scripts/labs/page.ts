import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatCell, isNumeric } from '../shared/figures-table.ts';
import { escaped, wholePage } from '../shared/html.ts';
import type { ChartPlan } from './lab.ts';
import { describeMachine } from './machine.ts';
import type { Result } from './measure.ts';
import { labPackage } from './packages.ts';
import { seriesOf } from './series.ts';

/** The chart page of a result: one file that loads nothing. The table below the charts has the same figures. */
export function renderPage(result: Result, charts: readonly ChartPlan[]): string {
  const drawn = charts.map((plan) => ({ ...plan, drawn: seriesOf(plan, result.rows) }));
  const body = `<main>
<p class="lab">Lab: ${escaped(result.lab)}</p>
<h1>${escaped(result.claim)}</h1>
${result.complete ? '' : '<p class="part"><strong>Stopped before the end:</strong> this is what was measured by then.</p>'}
${drawn.map(figure).join('\n')}
${table(result)}
<ul>${result.notes.map((note) => `<li>${escaped(note)}</li>`).join('')}</ul>
<p class="on">${conditions(result).map(escaped).join('<br>')}</p>
</main>
<script type="application/json" id="charts">${JSON.stringify(drawn).replaceAll('<', '\\u003c')}</script>
<script>${chartJs()}</script>
<script>${own('draw.js')}</script>`;
  return wholePage({ title: `Lab: ${result.lab}`, style: own('page.css'), body });
}

/** The machine and the versions, as lines. */
export function conditions({ size, measuredAt, machine, servers, versions }: Result): string[] {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured ${measuredAt.slice(0, 16).replace('T', ' ')} UTC${size === 'quick' ? ', with --quick: a first look' : ''}.`,
    describeMachine(machine),
    [...servers, ...packages].join(', '),
  ];
}

const figure = ({ title }: ChartPlan) => `<figure>
<figcaption>${escaped(title)}</figcaption>
<div class="chart"><canvas role="img" aria-label="${escaped(title)}. The figures are in the table below."></canvas></div>
</figure>`;

function table({ columns, rows, lab }: Result): string {
  const of = columns.map((column) => ({
    column,
    attribute: isNumeric(column, rows) ? ' class="number"' : '',
  }));
  const head = of.map(({ column, attribute }) => `<th scope="col"${attribute}>${escaped(column.title)}</th>`);
  const body = rows.map((row) => {
    const cells = of.map(
      ({ column, attribute }) => `<td${attribute}>${escaped(formatCell(row[column.key], column))}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="table" tabindex="0" role="region" aria-label="Figures"><table>
<caption>The figures of the lab ${escaped(lab)}</caption>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

const own = (name: string) => readFileSync(new URL(`./page/${name}`, import.meta.url), 'utf8');

/** The library in one file, without the link to its source map, which developer tools would load. */
function chartJs(): string {
  const file = join(dirname(labPackage('chart.js')), 'chart.umd.min.js');
  return readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, '');
}
