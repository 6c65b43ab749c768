import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Row } from '../shared/figures-table.ts';
import type { Lab, LabContext } from './lab.ts';
import { type Measuring, measure } from './measure.ts';
import { keep } from './results.ts';
import { sampleCharts, sampleResult } from './sample.ts';

/** A lab that measures 1, 2, 3 and then calls `end`. */
function counting(end: (context: LabContext) => unknown): Lab {
  return {
    name: 'counting',
    claim: 'It counts.',
    columns: [{ key: 'n', title: 'n' }],
    charts: [],
    full: 3,
    quick: 1,
    async *run(context, most) {
      const rows: Row[] = [];
      for (let n = 1; n <= Number(most); n++) {
        rows.push({ n });
        yield rows;
      }
      await end(context);
    },
  };
}

const measuring = (more: Partial<Measuring> = {}): Measuring => ({
  size: 'full',
  signal: new AbortController().signal,
  progress: () => {},
  ...more,
});

test('a result holds the figures, the machine and the versions', async () => {
  const lab = counting(({ note, uses }) => {
    note('Counted.');
    uses('embedded 7');
  });
  const { result, error } = await measure(lab, measuring());
  expect(error).toBeUndefined();
  expect(result).toMatchObject({
    schema: 1,
    lab: 'counting',
    size: 'full',
    complete: true,
    servers: ['embedded 7'],
    rows: [{ n: 1 }, { n: 2 }, { n: 3 }],
    notes: ['Counted.'],
    machine: { node: process.version },
  });
  expect(result.versions['connect-mongodb-session']).toMatch(/^\d+\.\d+\.\d+$/);
  expect((await measure(lab, measuring({ size: 'quick' }))).result.rows).toEqual([{ n: 1 }]);
});

test('what was measured is kept when a lab is stopped in the middle of what it does', async () => {
  const stop = new AbortController();
  const cleaned: string[] = [];
  const lab = counting(({ defer }) => {
    defer(() => cleaned.push('the first'));
    defer(() => cleaned.push('the last'));
    stop.abort();
    return new Promise(() => {});
  });
  const { result, error } = await measure(lab, measuring({ signal: stop.signal }));
  expect(error).toBeUndefined();
  expect(result).toMatchObject({ complete: false, rows: [{ n: 1 }, { n: 2 }, { n: 3 }] });
  expect(cleaned).toEqual(['the last', 'the first']);
});

test('what was measured is kept when a lab fails, and why it failed', async () => {
  const lab = counting(() => {
    throw new Error('no more fingers');
  });
  const { result, error } = await measure(lab, measuring());
  expect(result).toMatchObject({ complete: false, rows: [{ n: 1 }, { n: 2 }, { n: 3 }] });
  expect(error).toMatchObject({ message: 'no more fingers' });
});

test('neither a quick run nor a stopped one replaces the figures of a full one', () => {
  const root = mkdtempSync(join(tmpdir(), 'workshop-labs-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const lab = { ...counting(() => {}), charts: sampleCharts };
  keep(lab, sampleResult, root);
  keep(lab, { ...sampleResult, size: 'quick' }, root);
  const page = keep(lab, { ...sampleResult, size: 'quick', complete: false }, root);
  const dir = join(root, '.workshop', 'labs');
  expect(page).toBe(join(dir, 'counting.stopped.html'));
  expect(readdirSync(dir).sort()).toEqual(
    ['', '.quick', '.stopped'].flatMap((kind) => [`counting${kind}.html`, `counting${kind}.json`]).sort(),
  );
  expect(JSON.parse(readFileSync(join(dir, 'counting.json'), 'utf8'))).toEqual(sampleResult);
});
