import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import type { AuditResult } from '../audit-result.ts';
import { CATALOGUE, FINDING_IDS, type FindingId } from '../findings/catalogue.ts';
import type { Finding } from '../findings/finding.ts';

const LEVELS = { mend: 'error', advise: 'warning' } as const;
/** What paths are relative to: for code hosts the root of the repository. */
const ROOT_OF_SOURCES = '%SRCROOT%';

/**
 * SARIF 2.1.0, which code hosts show beside the code. A finding that names a line of the source is shown there; what was seen in the
 * running app is shown at package.json. Paths begin at the app's repository, else at the app's folder.
 */
export function asSarif({ app, findings }: AuditResult): Log {
  const above = pathFromRepository(app.folder);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Session Shop audit', rules: FINDING_IDS.map(rule) } },
        originalUriBaseIds: { [ROOT_OF_SOURCES]: { description: { text: 'The root of the repository' } } },
        results: findings.flatMap((finding) => result(finding, above)),
      },
    ],
  };
}

function rule(id: FindingId): ReportingDescriptor {
  const { title, why, fix, wstg, asvs } = CATALOGUE[id];
  return {
    id,
    shortDescription: { text: plain(title) },
    fullDescription: { text: plain(why) },
    help: { text: plain(fix) },
    properties: { tags: ['security', ...wstg, ...asvs.map((each) => `ASVS-${each}`)] },
  };
}

function result({ id, verdict, seen, evidence, fix = CATALOGUE[id].fix }: Finding, above: string): Result[] {
  if (verdict !== 'mend' && verdict !== 'advise') return [];
  const { title } = CATALOGUE[id];
  const location = locationOf(evidence, above);
  return [
    {
      ruleId: id,
      ruleIndex: FINDING_IDS.indexOf(id),
      level: LEVELS[verdict],
      message: { text: plain([`${title}: ${seen}.`, ...evidence, fix].join('\n')) },
      locations: [location],
      // GitHub reads only this key. Otherwise it would hash the line, which may change.
      partialFingerprints: {
        primaryLocationLineHash: `${id}:${location.physicalLocation?.artifactLocation?.uri}`,
      },
    },
  ];
}

/** Braces are placeholders in SARIF's messages. */
const plain = (text: string) => text.replaceAll('{', '(').replaceAll('}', ')');

/** 'server/src/app.js:12' of the evidence. Not absolute paths, and not what the app printed. */
const SOURCE_LINE = /^(?![/\s])([^:]+\.[cm]?[jt]sx?):([1-9]\d*)$/;

function locationOf(evidence: readonly string[], above: string): Location {
  const [, file = 'package.json', line = '1'] =
    evidence.map((each) => SOURCE_LINE.exec(each)).find(Boolean) ?? [];
  const path = above + file;
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: ROOT_OF_SOURCES },
      region: { startLine: Number(line) },
    },
  };
}

/** 'packages/api/' for an app in that folder; empty at the top of a repository, or without one. */
function pathFromRepository(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git')))
      return relative(at, folder)
        .split(sep)
        .map((each) => (each ? `${each}/` : ''))
        .join('');
    if (dirname(at) === at) return '';
  }
}
