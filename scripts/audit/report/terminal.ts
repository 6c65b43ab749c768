import chalk from 'chalk';
import { wrapHanging } from '../../shared/wrap.ts';
import type { AuditResult } from '../audit-result.ts';
import type { Entry } from '../findings/catalogue.ts';
import type { Finding } from '../findings/finding.ts';
import { byReason, count, ofVerdict, summary } from './summary.ts';

const LABEL = 10;
const INDENT = 4;

/** The report for a terminal: the summary, then the worst first. */
export function asText(result: AuditResult, width: number): string {
  const columns = Math.min(width, 110);
  const { app, sessions, engine, seconds, way, notes } = result;
  const lines = [
    '',
    `  ${chalk.bold(`The sessions of ${app.name || app.folder}${app.version ? ` ${app.version}` : ''}`)}   ${chalk.dim(`${sessions}, audited on ${engine} in ${seconds} s`)}`,
    `  ${summaryInColours(result)}`,
    '',
    ...Object.entries(way).map(([name, words]) => chalk.dim(`  ${name.padEnd(LABEL)}${words}`)),
    ...notes.flatMap((note) => wrapped(note, columns, 2)).map((line) => chalk.dim(line)),
    ...ofVerdict(result, 'mend').flatMap((finding) => whole(finding, chalk.red('✗'), columns)),
    ...ofVerdict(result, 'advise').flatMap((finding) => whole(finding, chalk.yellow('!'), columns)),
    ...good(result, columns),
    ...untested(result, columns),
    '',
    `  ${summaryInColours(result)}`,
    '',
  ];
  return lines.join('\n');
}

function summaryInColours(result: AuditResult): string {
  const words = summary(result);
  if (count(result, 'mend') > 0) return chalk.red(words);
  return count(result, 'advise') > 0 ? chalk.yellow(words) : chalk.green(words);
}

function whole(finding: Finding & Entry, mark: string, columns: number): string[] {
  const { title, id, seen, evidence, why, fix, lesson, wstg, asvs, heuristic } = finding;
  const row = (label: string, text: string) => {
    const [first = '', ...more] = wrapped(text, columns - LABEL, INDENT);
    return [
      `${' '.repeat(INDENT)}${label.padEnd(LABEL)}${first.trimStart()}`,
      ...more.map((line) => ' '.repeat(LABEL) + line),
    ];
  };
  return [
    '',
    `  ${mark} ${chalk.bold(title)}  ${chalk.dim(`[${id}]`)}`,
    ...row('seen', heuristic ? `${seen} (by its name or form: look yourself)` : seen),
    ...evidence.flatMap((line, at) => row(at === 0 ? 'evidence' : '', line)),
    ...row('why', why),
    ...row('fix', fix),
    ...row('lesson', `npm run lesson ${lesson}`),
    ...row('see', [...wstg, ...asvs.map((each) => `ASVS ${each}`)].join(', ')).map((line) => chalk.dim(line)),
  ];
}

function good(result: AuditResult, columns: number): string[] {
  const findings = ofVerdict(result, 'ok');
  if (findings.length === 0) return [];
  return [
    '',
    ...findings.flatMap(({ title, id, seen }) => {
      const [first = '', ...more] = wrapped(`${title}: ${seen}  [${id}]`, columns, INDENT);
      return [`  ${chalk.green('✓')} ${first.trimStart()}`, ...more];
    }),
  ];
}

function untested(result: AuditResult, columns: number): string[] {
  const groups = byReason(ofVerdict(result, 'not-tested'));
  if (groups.length === 0) return [];
  return [
    '',
    `  ${chalk.bold('Not tested')}`,
    ...groups.flatMap(([why, findings]) => {
      const names = findings.map(({ id }) => id).join(', ');
      const [first = '', ...more] = wrapped(`${names}: ${why}`, columns, INDENT);
      return [`  ${chalk.dim('·')} ${first.trimStart()}`, ...more].map((line) => chalk.dim(line));
    }),
  ];
}

const wrapped = (text: string, columns: number, indent: number): string[] =>
  wrapHanging(text, Math.max(30, columns - indent)).map((line) => ' '.repeat(indent) + line);
