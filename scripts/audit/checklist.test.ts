import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../shared/paths.ts';
import { CHECKS } from './checks.ts';
import { CATALOGUE, FINDING_IDS } from './findings/catalogue.ts';

const read = (page: string) => readFileSync(join(ROOT, 'lessons', 'reference', page), 'utf8');
/** Each point of the checklist, with the text of its line "Audit:". */
const points = read('your-own-app.md')
  .split(/^- \[ \] /m)
  .slice(1)
  .map((point) => ({
    title: /\*\*(.+?)\*\*/s.exec(point)?.[1],
    audit: /\n {2}Audit: ([\s\S]+?)\.(?:\n|$)/.exec(point)?.[1],
  }));

it('each point of the checklist says what the audit does about it', () => {
  expect(points.length).toBeGreaterThan(26);
  expect(points.filter(({ audit }) => audit === undefined)).toEqual([]);
});

it('the checklist names each finding of the audit, and nothing that is none', () => {
  const named = points.flatMap(({ audit = '' }) => [...audit.matchAll(/`([\w-]+)`/g)].map(([, id]) => id));
  expect([...new Set(named)].sort()).toEqual([...FINDING_IDS].sort());
});

it('one check makes each finding', () => {
  expect(CHECKS.flatMap(({ ids }) => ids).sort()).toEqual([...FINDING_IDS].sort());
});

it('each finding names tests of the WSTG, requirements of ASVS 5 and a lesson in the forms that these have', () => {
  for (const [id, { wstg, asvs, lesson }] of Object.entries(CATALOGUE)) {
    expect(
      wstg.every((each) => /^WSTG-(?:SESS-(?:0\d|1[01])|ATHN-06|ERRH-01)$/.test(each)),
      id,
    ).toBe(true);
    expect(
      asvs.every((each) => /^\d+\.\d+\.\d+$/.test(each)),
      id,
    ).toBe(true);
    expect(lesson, id).toBeLessThanOrEqual(12);
  }
});

it('the reference page has a row for each finding', () => {
  const rows = [...read('audit.md').matchAll(/^\| `([a-z][\w-]*)` \|/gm)].map(([, id]) => id);
  expect(rows).toEqual(FINDING_IDS);
});
