import type { AuditResult } from '../audit-result.ts';
import { CATALOGUE, type Entry } from '../findings/catalogue.ts';
import type { Finding, Verdict } from '../findings/finding.ts';

/** From the worst to the best. */
export const ORDER: readonly Verdict[] = ['mend', 'advise', 'not-tested', 'ok'];

export const count = ({ findings }: AuditResult, verdict: Verdict): number =>
  findings.filter((finding) => finding.verdict === verdict).length;

/** The findings of a verdict, each with its catalogue entry. */
export const ofVerdict = ({ findings }: AuditResult, verdict: Verdict): (Finding & Entry)[] =>
  findings
    .filter((finding) => finding.verdict === verdict)
    .map((finding) => ({ ...CATALOGUE[finding.id], ...finding }));

/** '3 to mend, 5 to consider, 20 ok, 6 not tested' */
export function summary(result: AuditResult): string {
  const words: [Verdict, string][] = [
    ['mend', 'to mend'],
    ['advise', 'to consider'],
    ['ok', 'ok'],
    ['not-tested', 'not tested'],
  ];
  return words.map(([verdict, name]) => `${count(result, verdict)} ${name}`).join(', ');
}

/** Findings that share a reason, such as that no login was found. */
export function byReason(findings: readonly (Finding & Entry)[]): [string, (Finding & Entry)[]][] {
  const groups = new Map<string, (Finding & Entry)[]>();
  for (const finding of findings) groups.set(finding.seen, [...(groups.get(finding.seen) ?? []), finding]);
  return [...groups];
}

/** Whether the audit saw a session at all: otherwise a report without defects proves nothing. */
export function sawSessions({ findings }: AuditResult): boolean {
  const ofSessions = findings.filter(
    ({ id }) => !['output-secrets', 'store-kind', 'secret-source'].includes(id),
  );
  return ofSessions.length === 0 || ofSessions.some(({ verdict }) => verdict !== 'not-tested');
}
