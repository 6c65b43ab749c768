import { describe, expect, it } from 'vitest';
import type { Report } from '../report.ts';
import { csvOf } from './csv.ts';
import { dashboardOf, type KnownLesson } from './dashboard.ts';
import type { Learner } from './records.ts';
import { afterReport, gradedAt, type Standing } from './standing.ts';

const minute = (number: number) => new Date(Date.UTC(2026, 4, 4, 10, number));

/** A report, and the time of its grading. */
type Graded = Report & { readonly at: Date };

/** The report with that number, graded in that minute: it fails at a step, or passes when none is given. */
function report(seq: number, at: number, step?: string): Graded {
  const steps: Report['steps'] = [
    { id: '3.1', verdict: step === '3.1' ? 'fail' : 'pass' },
    { id: '3.2', verdict: step ? 'fail' : 'pass' },
  ];
  const verdict = step ? 'fail' : 'pass';
  return { id: `id-${seq}`, seq, lesson: 3, verdict, steps, at: minute(at) };
}

/** The standings after these reports, in order of arrival. */
function standingsAfter(reports: readonly Graded[]): Record<string, Standing> {
  const standings: Record<string, Standing> = {};
  for (const { at, ...report } of reports)
    standings[report.lesson] = afterReport(standings[report.lesson], report, at);
  return standings;
}

describe('where a learner stands', () => {
  it('is what the last report says, since the first one that says so', () => {
    const reports = [report(1, 0, '3.1'), report(2, 5, '3.2'), report(3, 7, '3.2'), report(4, 9, '3.2')];
    const fails = { verdict: 'fail', step: '3.2', since: minute(5), reports: 4, steps: '1 of 2', seq: 4 };
    expect(standingsAfter(reports)).toEqual({ 3: fails });
    const passes = { verdict: 'pass', since: minute(12), reports: 5, steps: '2 of 2', seq: 5 };
    expect(standingsAfter([...reports, report(5, 12)])).toEqual({ 3: passes });
    expect(standingsAfter([])).toEqual({});
  });

  it('goes by the count of the learner, whatever came first and whatever the clocks said', () => {
    const late = [report(3, 1), report(1, 9, '3.1'), report(2, 20, '3.2')];
    expect(standingsAfter(late)[3]).toMatchObject({ verdict: 'pass', since: minute(1) });
  });

  it('is counted again from where a verdict came back', () => {
    const back = [report(1, 0, '3.2'), report(2, 5), report(3, 8, '3.2')];
    expect(standingsAfter(back)[3]).toMatchObject({ step: '3.2', since: minute(8) });
  });
});

describe('when something was graded', () => {
  it.each([
    ['as long ago as is said', 5 * 60_000, 25],
    ['not before joining', 10 * 60 * 60_000, 10],
    ['not in the future', 0, 30],
  ])('is %s', (_how, agoMs, expected) => {
    expect(gradedAt(agoMs, minute(10), minute(30))).toEqual(minute(expected));
  });

  it('is now, when the clock of the class itself was put back', () => {
    expect(gradedAt(0, minute(30), minute(10))).toEqual(minute(10));
  });
});

const LESSONS: KnownLesson[] = [
  { number: 2, title: 'A store', steps: { '2.1': 'it is made' } },
  { number: 3, title: 'Configure, and "why"', steps: { '3.2': 'the cart survives a restart' } },
];
const fails = (likely: string): Graded => ({ ...report(1, 5, '3.2'), likely });

function learner(nickname: string, reports: Graded[]): Learner {
  return {
    _id: nickname,
    classCode: 'C',
    nickname,
    key: nickname,
    tokenHash: '',
    joinedAt: minute(0),
    standings: standingsAfter(reports),
    reportIds: [],
  };
}

describe('the dashboard', () => {
  const learners = [
    learner('Ann', [{ ...report(1, 3), lesson: 2 }, fails('Say false.')]),
    learner('Ben', [fails('Say false.')]),
    learner('Cem', [fails('Another one.')]),
    learner('Dot', []),
  ];
  const dashboard = dashboardOf({ _id: 'C', startedAt: minute(0) }, learners, LESSONS, minute(30));

  it('has a cell for each learner and lesson, with a mark and with words', () => {
    expect(dashboard.rows.map(({ nickname }) => nickname)).toEqual(['Ann', 'Ben', 'Cem', 'Dot']);
    expect(dashboard.rows[0]?.cells).toMatchObject([
      { kind: 'pass', mark: '✓', words: 'passes' },
      { kind: 'fail', mark: '✗ 3.2', words: 'fails at step 3.2' },
    ]);
    expect(dashboard.rows[3]?.cells[1]).toEqual({ kind: 'none', mark: '', words: 'nothing yet', since: '' });
    expect(dashboard.lessons.map(({ passed }) => passed)).toEqual([1, 0]);
    expect(dashboard.ended).toBe('');
  });

  it('tells the time, and the day when it is another one', () => {
    expect(dashboard.rows[1]?.cells[1]?.since).toMatch(/^\d\d:05$/);
    const later = dashboardOf({ _id: 'C', startedAt: minute(0) }, learners, LESSONS, new Date(2026, 4, 9));
    expect(later.rows[1]?.cells[1]?.since).toMatch(/^\w{3},? \d\d:05$/);
  });

  it('counts by step and likely mistake who is stuck, the most first', () => {
    const name = 'the cart survives a restart';
    expect(dashboard.stuck).toEqual([
      { step: '3.2', name, likely: 'Say false.', learners: 2 },
      { step: '3.2', name, likely: 'Another one.', learners: 1 },
    ]);
  });
});

describe('the table', () => {
  it('is one that spreadsheets read: as text, whatever a cell begins with', () => {
    const odd = [
      learner('=HYPERLINK("http://x")', [fails('Say false.')]),
      learner('Jörg, the 2nd', [report(1, 5)]),
      learner('two\nlines', [report(1, 5)]),
      learner('＠sum', [report(1, 5)]),
    ];
    const lines = csvOf(odd, LESSONS).split('\r\n');
    expect(lines).toEqual([
      '\uFEFFnickname,lesson,title,verdict,steps,step,since,reports,likely',
      `"'=HYPERLINK(""http://x"")",3,"Configure, and ""why""",fail,1 of 2,step 3.2,2026-05-04T10:05:00.000Z,1,Say false.`,
      '"Jörg, the 2nd",3,"Configure, and ""why""",pass,2 of 2,,2026-05-04T10:05:00.000Z,1,',
      '"two\nlines",3,"Configure, and ""why""",pass,2 of 2,,2026-05-04T10:05:00.000Z,1,',
      `'＠sum,3,"Configure, and ""why""",pass,2 of 2,,2026-05-04T10:05:00.000Z,1,`,
      '',
    ]);
  });
});
