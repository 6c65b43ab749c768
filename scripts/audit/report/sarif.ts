import type { AuditResult } from '../audit.ts';
import { CATALOGUE, FINDING_IDS } from '../findings/catalogue.ts';

const LEVELS = { mend: 'error', advise: 'warning' } as const;

/**
 * SARIF 2.1.0, which code hosts show beside the code. A finding that names a line of the source stands there; what was seen in the
 * running app stands at package.json.
 */
export function asSarif({ findings }: AuditResult): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Session Shop audit',
            rules: FINDING_IDS.map((id) => {
              const { title, why, fix, wstg, asvs } = CATALOGUE[id];
              return {
                id,
                shortDescription: { text: title },
                fullDescription: { text: why },
                help: { text: fix },
                properties: { tags: ['security', ...wstg, ...asvs.map((each) => `ASVS-${each}`)] },
              };
            }),
          },
        },
        results: findings.flatMap(({ id, verdict, seen, evidence }) => {
          if (verdict !== 'mend' && verdict !== 'advise') return [];
          return [
            {
              ruleId: id,
              ruleIndex: FINDING_IDS.indexOf(id),
              level: LEVELS[verdict],
              message: {
                text: [`${CATALOGUE[id].title}: ${seen}.`, ...evidence, CATALOGUE[id].fix].join('\n'),
              },
              locations: [place(evidence)],
            },
          ];
        }),
      },
    ],
  };
}

function place(evidence: readonly string[]): object {
  const [, file, line] =
    evidence.map((each) => /^([\w./-]+\.[cm]?[jt]sx?):(\d+)$/.exec(each)).find(Boolean) ?? [];
  return {
    physicalLocation: {
      artifactLocation: { uri: file ?? 'package.json' },
      region: { startLine: Number(line ?? 1) },
    },
  };
}
