import { join } from 'node:path';
import { diffLines } from 'diff';
import { editedFiles, type Lesson } from '../../course/lessons.ts';
import { UsageError } from '../../shared/errors.ts';
import { type Edit, edited } from './edit.ts';
import { textOf } from './inputs.ts';
import { ownEdits } from './own-operators.ts';
import { strykerEdits } from './stryker.ts';

/** A solution with one small change in one of its files. */
export interface Mutant {
  readonly file: string;
  /** The line of the change, from 1. */
  readonly line: number;
  readonly operator: string;
  /** A name that does not change when lines above it do: the place, the old text and the new text. */
  readonly name: string;
  /** The whole file, changed. */
  readonly text: string;
}

/**
 * Every mutant of a lesson's solution in a line that the lesson teaches: one in which the solution differs from the
 * starter. Other lessons teach and prove the other lines.
 * @throws UsageError when the lesson is solved in lessons/, where the starter must be
 */
export async function mutantsOf(lesson: Lesson): Promise<Mutant[]> {
  const each = await Promise.all(editedFiles(lesson).map((file) => mutantsOfFile(lesson, file)));
  const mutants = each.flat();
  if (mutants.length === 0) {
    throw new UsageError(
      `Lesson ${lesson.number} is solved in lessons/. Its starter is needed: npm run reset ${lesson.number}`,
    );
  }
  return mutants;
}

async function mutantsOfFile(lesson: Lesson, file: string): Promise<Mutant[]> {
  const text = textOf(join(lesson.solutionDir, file));
  const taught = linesAdded(textOf(join(lesson.dir, file)), text);
  const edits = [...(await strykerEdits(text)), ...ownEdits(text)].filter(({ start, end }) =>
    taught.some((line) => line >= lineAt(text, start) && line <= lineAt(text, end)),
  );
  const mutants = edits.map((edit) => ({
    file,
    line: lineAt(text, edit.start),
    operator: edit.operator,
    name: nameOf(file, text, edit),
    text: edited(text, edit),
  }));
  // Two operators may make the same text: the first one counts.
  return [...new Map(mutants.reverse().map((mutant) => [mutant.text, mutant])).values()].reverse();
}

/** 'app.ts in `session({`: resave: false, → resave: true,' */
export function nameOf(file: string, text: string, edit: Edit): string {
  const from = text.lastIndexOf('\n', edit.start - 1) + 1;
  const next = text.indexOf('\n', edit.end);
  const to = next === -1 ? text.length : next;
  const was = text.slice(from, to);
  const now = text.slice(from, edit.start) + edit.replacement + text.slice(edit.end, to);
  const around = contextOf(text, from);
  return `${file}${around && ` in \`${around}\``}: ${inShort(was)} → ${inShort(now) || 'nothing'}`;
}

/** The nearest enclosing line above that occurs only once in the file. */
function contextOf(text: string, from: number): string {
  const above = text.slice(0, from).split('\n');
  const lines = text.split('\n');
  let depth = indentOf(lines[above.length - 1] ?? '');
  for (const line of above.reverse()) {
    if (!line.trim() || indentOf(line) >= depth) continue;
    depth = indentOf(line);
    if (lines.filter((each) => each.trim() === line.trim()).length === 1) return inShort(line);
  }
  return '';
}

const indentOf = (line: string) => line.search(/\S|$/);

/** A text in one line and without comments, without its middle when it is long. */
function inShort(text: string): string {
  const line = text
    .replace(/^\s*\/\/.*$/gm, '')
    .trim()
    .replace(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 80)} … ${line.slice(-36)}` : line;
}

/** The numbers of the lines, from 1, that the second text adds to the first. */
function linesAdded(before: string, after: string): number[] {
  let line = 0;
  return diffLines(before, after).flatMap(({ added, removed, count = 0 }) => {
    if (removed) return [];
    line += count;
    return added ? Array.from({ length: count }, (_, i) => line - count + 1 + i) : [];
  });
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
