import type { AuditResult } from '../audit-result.ts';
import { CATALOGUE } from '../findings/catalogue.ts';
import { count } from './summary.ts';

/** The one document that `--json` prints. Its schema is 1: fields are only added. */
export function asJson(result: AuditResult): object {
  const { findings, ...about } = result;
  return {
    schema: 1,
    mend: count(result, 'mend'),
    advise: count(result, 'advise'),
    ok: count(result, 'ok'),
    notTested: count(result, 'not-tested'),
    ...about,
    findings: findings.map((finding) => ({ ...CATALOGUE[finding.id], ...finding })),
  };
}
