import { stringify } from 'csv-stringify/sync';
import type { Learner } from './records.ts';
import { standingsOf } from './standing.ts';
import type { KnownLesson } from './wall.ts';

const COLUMNS = [
  'nickname',
  'lesson',
  'title',
  'verdict',
  'steps',
  'step',
  'since',
  'reports',
  'likely',
] as const;

/** The class as a table for a spreadsheet: one line for each learner and lesson with a verdict. */
export function csvOf(learners: readonly Learner[], lessons: readonly KnownLesson[]): string {
  const rows = learners.flatMap(({ nickname, reports }) => {
    const standings = standingsOf(reports);
    return lessons.flatMap(({ number: lesson, title }) => {
      const standing = standings[lesson];
      return standing ? [{ nickname, lesson, title, ...standing }] : [];
    });
  });
  return stringify(rows, {
    header: true,
    columns: [...COLUMNS],
    // Without it, some spreadsheets take an ü for two letters.
    bom: true,
    record_delimiter: 'windows',
    // A cell that begins like a formula is text, whoever made it up.
    escape_formulas: true,
    cast: {
      date: (date) => date.toISOString(),
      // '3.10' is a step, not the number 3.1.
      string: (value, { column }) => (column === 'step' && value ? `step ${value}` : value),
    },
  });
}
