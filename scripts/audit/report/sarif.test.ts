import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { expect, it, onTestFinished } from 'vitest';
import { removeSync } from '../../setup/files.mjs';
import type { AuditResult } from '../audit-result.ts';
import { CATALOGUE, FINDING_IDS } from '../findings/catalogue.ts';
import { advise, type Finding, mend, notTested, ok } from '../findings/finding.ts';
import { asSarif } from './sarif.ts';

// The compiler checks names and types of SARIF 2.1.0, by @types/sarif. These tests check what
// types do not say, and what GitHub requires beyond the format.

const HOSTILE = 'stores { a: [x](1) } “ü” \u0007';
const ALL: Finding[] = [
  mend('secret-source', 'it stands in the source', ['src/my app.ts:12', 'other.js:3']),
  advise('session-content', HOSTILE, ['GET / → 200', '  Set-Cookie: a=…', '/elsewhere/app.js:7']),
  mend('output-secrets', 'lines', ['at file:///app/main.js:9']),
  ok('cookie-http-only', 'fine'),
  notTested('csrf', 'no form'),
];

function reportOf(findings: readonly Finding[], folder = join(tmpdir(), 'none')): Log {
  const app = { name: 'app', version: '1.0.0', folder, start: 'npm start' };
  const about = { engine: '', sessions: '', way: {}, notes: [], seconds: 1 };
  const result: AuditResult = { app, ...about, findings };
  // As written into a file.
  return JSON.parse(JSON.stringify(asSarif(result)));
}

const resultsOf = (log: Log) => log.runs[0]?.results ?? [];
const placeOf = (log: Log) =>
  resultsOf(log).map(({ locations }) => {
    const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
    return `${artifactLocation?.uri}:${region?.startLine}`;
  });

/** A folder in the system’s temporary one. */
function folder(...names: string[]): string {
  const root = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  onTestFinished(() => removeSync(root));
  mkdirSync(join(root, ...names), { recursive: true });
  return root;
}

it('a rule for each finding of the catalogue, with the texts that GitHub shows', () => {
  const log = reportOf(ALL);
  expect([log.version, log.$schema]).toEqual(['2.1.0', 'https://json.schemastore.org/sarif-2.1.0.json']);
  const rules = log.runs[0]?.tool.driver.rules ?? [];
  expect(rules.map(({ id }) => id)).toEqual(FINDING_IDS);
  for (const { id, shortDescription, fullDescription, help } of rules)
    for (const text of [shortDescription?.text, fullDescription?.text, help?.text])
      expect(text, id).toMatch(/^[^{}]{3,1024}$/);
});

it('what is to mend is an error, what is to consider a warning, and nothing else is a result', () => {
  expect(resultsOf(reportOf(ALL)).map(({ ruleId, level }) => [ruleId, level])).toEqual([
    ['secret-source', 'error'],
    ['session-content', 'warning'],
    ['output-secrets', 'error'],
  ]);
});

it('each result names its rule, and has a message, one place and a fingerprint', () => {
  const log = reportOf(FINDING_IDS.map((id) => mend(id, HOSTILE)));
  const rules = log.runs[0]?.tool.driver.rules ?? [];
  const bases = Object.keys(log.runs[0]?.originalUriBaseIds ?? {});
  for (const { ruleId, ruleIndex, message, locations, partialFingerprints } of resultsOf(log)) {
    expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
    expect(message.text).toMatch(/^[^{}]+$/);
    expect(message.text).toContain(CATALOGUE[ruleId as keyof typeof CATALOGUE].title);
    expect(locations).toHaveLength(1);
    expect(bases).toContain(locations?.[0]?.physicalLocation?.artifactLocation?.uriBaseId);
    expect(partialFingerprints?.primaryLocationLineHash).toMatch(/./);
  }
  const fingerprints = resultsOf(log).map((each) => each.partialFingerprints?.primaryLocationLineHash);
  expect(new Set(fingerprints).size).toBe(FINDING_IDS.length);
});

it('a fingerprint stays when lines move and words change', () => {
  const fingerprint = (seen: string, line: number) =>
    resultsOf(reportOf([mend('secret-source', seen, [`src/app.js:${line}`])]))[0]?.partialFingerprints;
  expect(fingerprint('in two files', 40)).toEqual(fingerprint('in the source', 2));
});

it('a result stands at the first line of the source that its evidence names, else at package.json', () => {
  expect(placeOf(reportOf(ALL))).toEqual(['src/my%20app.ts:12', 'package.json:1', 'package.json:1']);
});

it('paths begin at the top of the repository', () => {
  const root = folder('.git');
  mkdirSync(join(root, 'packages', 'my api'), { recursive: true });
  expect(placeOf(reportOf(ALL, join(root, 'packages', 'my api')))[0]).toBe(
    'packages/my%20api/src/my%20app.ts:12',
  );
  expect(placeOf(reportOf(ALL, root))[0]).toBe('src/my%20app.ts:12');
});
