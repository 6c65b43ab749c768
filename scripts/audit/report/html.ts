import { escaped, wholePage } from '../../shared/html.ts';
import type { AuditResult } from '../audit-result.ts';
import type { Entry } from '../findings/catalogue.ts';
import type { Finding, Verdict } from '../findings/finding.ts';
import { byReason, ofVerdict, summary } from './summary.ts';

const HEADINGS: Readonly<Record<Verdict, string>> = {
  mend: 'To mend',
  advise: 'To consider',
  ok: 'As it should be',
  'not-tested': 'Not tested',
};

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1, h2 { line-height: 1.2 } h2 { margin-top: 2.5rem }
article { border-left: .3rem solid; padding: .1rem 1rem; margin: 1.2rem 0; break-inside: avoid }
.mend { border-color: #b3261e } .advise { border-color: #9a6700 } .ok { border-color: #1a7f37 }
h3 { margin: .3rem 0 } code, pre { font: .85rem/1.45 ui-monospace, monospace }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: color-mix(in srgb, currentColor 8%, transparent); padding: .6rem; margin: .5rem 0 }
p { margin: .4rem 0 } .small { font-size: .85rem; opacity: .8 }
@media print { :root { color-scheme: light } body { margin: 0; max-width: none } }`;

/** The report as one page that loads nothing else. It can be printed. */
export function asHtml(result: AuditResult): string {
  const { app, sessions, engine, seconds, way, notes } = result;
  const title = `The sessions of ${`${app.name || app.folder} ${app.version}`.trim()}`;
  const body = `<h1>${escaped(title)}</h1>
<p><strong>${escaped(summary(result))}</strong></p>
<p class="small">${escaped(`${sessions}, started by ${app.start}, audited on ${engine} in ${seconds} s.`)}</p>
<pre>${Object.entries(way)
    .map(([key, words]) => escaped(`${key.padEnd(10)} ${words}`))
    .join('\n')}</pre>
${notes.map((note) => `<p class="small">${escaped(note)}</p>`).join('\n')}
${(['mend', 'advise'] as const).map((verdict) => section(result, verdict)).join('\n')}
${good(result)}
${untested(result)}`;
  return wholePage({ title, style: STYLE, body });
}

function section(result: AuditResult, verdict: Verdict): string {
  const findings = ofVerdict(result, verdict);
  return findings.length ? `<h2>${HEADINGS[verdict]}</h2>\n${findings.map(article).join('\n')}` : '';
}

function article(finding: Finding & Entry): string {
  const { id, verdict, title, seen, evidence, why, fix, lesson, wstg, asvs, heuristic } = finding;
  const caution = heuristic ? ' <em>By its name or form: look yourself.</em>' : '';
  return `<article class="${verdict}"><h3>${escaped(title)}</h3>
<p>${escaped(seen)}.${caution}</p>
${evidence.length ? `<pre>${escaped(evidence.join('\n'))}</pre>` : ''}
<p>${escaped(why)}</p><p><strong>Fix:</strong> ${escaped(fix)}</p>
<p class="small"><code>${id}</code> · lesson ${lesson} · ${[...wstg, ...asvs.map((each) => `ASVS ${each}`)].join(' · ')}</p></article>`;
}

function good(result: AuditResult): string {
  const findings = ofVerdict(result, 'ok');
  if (findings.length === 0) return '';
  const rows = findings.map(
    ({ title, seen, id }) => `<li>${escaped(`${title}: ${seen}`)} <code>${id}</code></li>`,
  );
  return `<h2>${HEADINGS.ok}</h2><ul>${rows.join('\n')}</ul>`;
}

function untested(result: AuditResult): string {
  const groups = byReason(ofVerdict(result, 'not-tested'));
  if (groups.length === 0) return '';
  const rows = groups.map(
    ([why, findings]) => `<li><code>${findings.map(({ id }) => id).join(', ')}</code>: ${escaped(why)}</li>`,
  );
  return `<h2>${HEADINGS['not-tested']}</h2><ul>${rows.join('\n')}</ul>`;
}
