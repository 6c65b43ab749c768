import { expect, test } from 'vitest';
import { renderTable } from '../shared/figures-table.ts';
import { median, percent, quantile } from '../shared/measure.ts';
import { renderPage } from './page.ts';
import { sampleCharts, sampleResult } from './sample.ts';
import { seriesOf } from './series.ts';

const COLUMNS = [
  { key: 'store', title: 'store' },
  { key: 'ms', title: 'p50 ms', digits: 2 },
  { key: 'count', title: 'requests' },
];

test('quantiles are values that were measured, in whatever order they came', () => {
  const values = [9, 1, 8, 2, 10, 3, 7, 4, 6, 5];
  expect([median(values), quantile(values, 0.99), quantile(values, 0), quantile([4], 0.99)]).toEqual([
    5, 10, 1, 4,
  ]);
  expect(median([])).toBeNaN();
  expect(values[0]).toBe(9);
  expect(percent(1, 8)).toBe(12.5);
});

test('the table puts numbers to the right, with as many digits as their column has', () => {
  const rows = [
    { store: 'MemoryStore', ms: 0.5, count: 12_345 },
    { store: 'connect-redis', ms: 12, count: null },
  ];
  expect(renderTable(COLUMNS, rows).split('\n')).toEqual([
    '  store           p50 ms   requests',
    '  ─────────────   ──────   ────────',
    '  MemoryStore       0.50     12,345',
    '  connect-redis    12.00          -',
  ]);
});

test('a chart draws a line for each word of its series, and leaves out what has no figure', () => {
  const plan = { title: '', type: 'line', x: 'n', y: 'ms', xTitle: '', yTitle: '', series: 'store' } as const;
  const rows = [
    { store: 'a', n: 1, ms: 5, state: 'alive' },
    { store: 'b', n: 1, ms: 7, state: 'alive' },
    { store: 'a', n: 2, ms: null, state: 'alive' },
    { store: 'a', n: 3, ms: 6, state: 'expired' },
  ];
  expect(seriesOf(plan, rows)).toEqual([
    {
      label: 'a',
      points: [
        { x: 1, y: 5 },
        { x: 3, y: 6 },
      ],
    },
    { label: 'b', points: [{ x: 1, y: 7 }] },
  ]);
  expect(seriesOf({ ...plan, only: { state: 'expired' } }, rows)).toEqual([
    { label: 'a', points: [{ x: 3, y: 6 }] },
  ]);
});

test('the page holds the table, says on what it was measured, and names no host', () => {
  const page = renderPage(sampleResult, sampleCharts);
  expect(page.match(/<tr>/g)).toHaveLength(1 + sampleResult.rows.length);
  expect(page).toContain('<td class="number">100</td>');
  for (const words of ['A processor, 2 cores', 'embedded 7.0.14', 'express 5.3.0', 'A note &amp; more.']) {
    expect(page).toContain(words);
  }
  expect(page).not.toMatch(/(?:src|href)="(?!data:)/);
  expect(page).not.toContain('sourceMappingURL');
});

test('no word of a result becomes markup', () => {
  expect(renderPage(sampleResult, sampleCharts)).not.toContain('<script>alert');
});

test('a page of a lab that was stopped says so', () => {
  const words = 'Stopped before the end';
  expect(renderPage({ ...sampleResult, complete: false }, sampleCharts)).toContain(words);
  expect(renderPage(sampleResult, sampleCharts)).not.toContain(words);
});
