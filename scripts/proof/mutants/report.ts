import { join } from 'node:path';
import { editedFiles, type Lesson } from '../../course/lessons.ts';
import type { Findings } from './findings.ts';
import { hash, textOf } from './inputs.ts';
import { reasonsFile } from './reasons.ts';

const HEAD = `# Mutants

Each solution with one small change at a time, graded. A change that takes away what the lesson teaches must fail its check;
one that passes needs a reason why it takes away nothing. Made by \`npm run mutants\`, not written by hand. The changes are those
of StrykerJS, and a few that session set-ups need: \`scripts/proof/mutants/own-operators.ts\`.

Only lines that a lesson teaches are changed: those in which its solution differs from its starter. A mutant is killed when
a step fails, when the shop breaks down with an error, or when it falls silent.

A row that ends with \`older\` was made from an earlier state of its solution, check or reasons. \`npm run mutants N\` makes it anew.
`;
const TABLE = `| lesson | mutants | killed | by a step | by a breakdown | by silence | survivors, explained | made from |
| ------ | ------- | ------ | --------- | -------------- | ---------- | -------------------- | --------- |`;

/** One lesson's part of the report: its row in the table, and its section. */
interface Part {
  readonly row: string;
  readonly section: string;
}

/**
 * What a lesson's part was made from: its solution, its check, and the reasons, without imports, because a file may move. A part
 * is out of date when they have changed since. Its figures are then those of an earlier state.
 */
function madeFrom(lesson: Lesson): string {
  const files = editedFiles(lesson).map((file) => join(lesson.solutionDir, file));
  const texts = [...files, lesson.checkFile, reasonsFile(lesson)].map(textOf);
  return hash(...texts.map((text) => text.replaceAll(/^import [^;]*;\n/gm, ''))).slice(0, 8);
}

/** The lessons whose part in the report is missing or out of date. */
export function outOfDate(report: string, lessons: readonly Lesson[]): Lesson[] {
  const parts = partsOf(report);
  return lessons.filter((lesson) => !parts.get(lesson.number)?.row.endsWith(`| ${madeFrom(lesson)} |`));
}

const OLDER = ', older |';

/** The report with each lesson that is out of date marked in its row: 'de1d5b9e, older'. */
export function markedOlder(report: string, lessons: readonly Lesson[]): string {
  return outOfDate(report, lessons)
    .map(({ number }) => partsOf(report).get(number)?.row ?? '')
    .filter((row) => row && !row.endsWith(OLDER))
    .reduce((text, row) => text.replace(row, row.replace(/ \|$/, OLDER)), report);
}

/** The report with new parts for these lessons, and the others unchanged. */
export function renewed(report: string, all: readonly Findings[]): string {
  const parts = partsOf(report);
  for (const findings of all) parts.set(findings.lesson.number, partOf(findings));
  const inOrder = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
  const sections = inOrder.map(({ section }) => section).filter(Boolean);
  return `${[HEAD, [TABLE, ...inOrder.map(({ row }) => row), ''].join('\n'), ...sections].join('\n')}`;
}

function partsOf(report: string): Map<number, Part> {
  const sections = new Map(
    [...report.matchAll(/^## (\d+) [\s\S]*?(?=^## |$(?![\s\S]))/gm)].map(([text, number]) => [
      Number(number),
      // A section ends with its last line; the blank line after it is added between sections.
      `${text.trimEnd()}\n`,
    ]),
  );
  const rows = [...report.matchAll(/^\| (\d+) .*\|$/gm)];
  return new Map(
    rows.map(([row, digits]) => [Number(digits), { row, section: sections.get(Number(digits)) ?? '' }]),
  );
}

function partOf(findings: Findings): Part {
  const { lesson, graded } = findings;
  const killers = graded.flatMap(({ outcome }) => (outcome.kind === 'killed' ? [outcome.by] : []));
  const count = (by: string) => killers.filter((each) => each === by).length;
  const bySteps = killers.length - count('breakdown') - count('silence');
  const cells = [
    lesson.number,
    graded.length,
    killers.length,
    bySteps,
    count('breakdown'),
    count('silence'),
    graded.length - killers.length,
    madeFrom(lesson),
  ];
  return { row: `| ${cells.join(' | ')} |`, section: sectionOf(findings, count) };
}

function sectionOf({ lesson, graded, reasons }: Findings, count: (by: string) => number): string {
  const lineOf = (name: string) => graded.find(({ mutant }) => mutant.name === name)?.mutant.line;
  const steps = [...new Set(graded.flatMap(({ outcome }) => (outcome.kind === 'killed' ? [outcome.by] : [])))]
    .filter((by) => /^\d/.test(by))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const explained = Object.entries(reasons).map(([reason, names]) => {
    const lines = names.map((name) => `line ${lineOf(name)}, ${name}\n`);
    return [reason, '', '```text', `${lines.join('')}\`\`\``, ''].join('\n');
  });
  return [
    `## ${lesson.number} ${lesson.title}\n`,
    `Killed by step: ${steps.map((step) => `${step}: ${count(step)}`).join(', ')}.\n`,
    ...(explained.length ? explained : ['No mutant survives.\n']),
  ].join('\n');
}
