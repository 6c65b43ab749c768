import chalk from 'chalk';
import { shownUri } from '../shared/connection-string.ts';
import { wrapHanging } from '../shared/wrap.ts';
import type { Finding, Verdict } from './finding.ts';
import { CATALOGUE, type ProblemId } from './problems/catalogue.ts';
import type { Source } from './source.ts';

/** All findings. */
export interface Examination {
  readonly machine: readonly Finding[];
  /** Absent when there is no string. */
  readonly connection?: { readonly source: Source; readonly findings: readonly Finding[] };
}

const faultsIn = ({ machine, connection }: Examination) =>
  [...machine, ...(connection?.findings ?? [])].filter(({ verdict }) => verdict === 'fault').length;

/** Whether there is no fault. */
export const isFit = (examination: Examination) => faultsIn(examination) === 0;

/** The string without its password. One that was cut short is not shown, because it may end within the password. */
const shown = ({ uri, cut }: Source) => (cut ? '(not shown: it is cut short)' : shownUri(uri));

/** The document that `--json` prints. */
export function asJson(examination: Examination): object {
  const { machine, connection } = examination;
  const { source, findings } = connection ?? {};
  return {
    schema: 1,
    faults: faultsIn(examination),
    machine: machine.map(withCause),
    connection: source ? { uri: shown(source), from: source.from, findings: findings?.map(withCause) } : null,
  };
}

/** Adds the cause: a program that collects these documents has no catalogue. */
function withCause(finding: Finding): object {
  if (!isIll(finding)) return finding;
  return { ...finding, cause: CATALOGUE[finding.id as ProblemId].cause };
}

const isIll = ({ verdict }: Finding) => verdict === 'warning' || verdict === 'fault';

/** The report for the terminal. With a string from the command line, the machine's part is short. */
export function asText(examination: Examination, width: number): string {
  const { machine, connection } = examination;
  const brief = connection?.source.from === 'the command line';
  const lines = [
    '',
    chalk.bold('  This machine'),
    ...(brief ? inBrief(machine, width) : rows(machine, width)),
  ];
  if (connection) {
    const { source, findings } = connection;
    lines.push('', `${chalk.bold('  The connection string')} ${chalk.dim(`from ${source.from}`)}`);
    lines.push(`  ${chalk.dim(shown(source))}`, ...rows(findings, width));
  } else {
    lines.push('', '  No MONGODB_URI in .env or the environment: the lessons use a Mongo in memory.');
  }
  const faults = faultsIn(examination);
  const verdict = faults ? chalk.red(`${faults} to mend.`) : chalk.green('Fit.');
  return [...lines, '', `  ${verdict}`, ''].join('\n');
}

function inBrief(machine: readonly Finding[], width: number): string[] {
  const ill = machine.filter(isIll);
  if (ill.length > 0) return rows(ill, width);
  return [`  ${chalk.green('✓')} fit; npm run doctor alone shows what was looked at`];
}

const MARKS: Record<Verdict, string> = {
  good: chalk.green('✓'),
  note: chalk.cyan('i'),
  warning: chalk.yellow('!'),
  fault: chalk.red('✗'),
};
const LABEL = 14;

function rows(findings: readonly Finding[], width: number): string[] {
  return findings.flatMap((finding) => {
    const { id, subject, verdict, words, fix } = finding;
    const text = indented(isIll(finding) ? `${words}  [${id}]` : words, width);
    const [first = '', ...more] = text;
    const head = `  ${MARKS[verdict]} ${subject.padEnd(LABEL)}${first.trimStart()}`;
    return [head, ...more, ...(fix ? indented(`fix: ${fix}`, width).map((line) => chalk.bold(line)) : [])];
  });
}

const INDENT = ' '.repeat(4 + LABEL);

const indented = (text: string, width: number) =>
  wrapHanging(text, Math.min(width, 100) - INDENT.length).map((line) => INDENT + line);
