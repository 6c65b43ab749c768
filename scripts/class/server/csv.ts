import type { KnownLesson } from './dashboard.ts';
import type { Learner } from './records.ts';

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

/** Without a byte order mark, some spreadsheets read an ü as two letters. */
const BYTE_ORDER_MARK = '\uFEFF';
/** A cell that begins with one of these is a formula to some spreadsheets, the wide forms included (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/;

/** The class as a table for a spreadsheet (RFC 4180): one line for each learner and lesson with a verdict. */
export function csvOf(learners: readonly Learner[], lessons: readonly KnownLesson[]): string {
  const rows = learners.flatMap(({ nickname, standings }) =>
    lessons.flatMap(({ number: lesson, title }) => {
      const standing = standings[lesson];
      if (!standing) return [];
      // '3.10' is a step, not the number 3.1.
      const step = standing.step && `step ${standing.step}`;
      const row = { nickname, lesson, title, ...standing, step, since: standing.since.toISOString() };
      return [COLUMNS.map((column) => row[column])];
    }),
  );
  return BYTE_ORDER_MARK + [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | undefined): string {
  const text = String(value ?? '').replace(FORMULA, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
