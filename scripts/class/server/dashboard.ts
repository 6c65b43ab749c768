import type { VerdictWord } from '../../grader/verdict.ts';
import type { ClassDocument, Learner } from './records.ts';
import type { Standing } from './standing.ts';

/** A lesson of the class's own copy of the workshop. */
export interface KnownLesson {
  readonly number: number;
  readonly title: string;
  /** Step ID to its name. */
  readonly steps: Readonly<Record<string, string>>;
}

/** One cell of the dashboard: a learner in a lesson. */
export interface Cell {
  readonly kind: VerdictWord | 'none';
  /** '✗ 3.2' */
  readonly mark: string;
  /** What a screen reader says: 'fails at step 3.2'. */
  readonly words: string;
  /** '10:42'; with the day when it is not today. */
  readonly since: string;
}

/** A step that learners fail at now, with the likely mistake. */
export interface Stuck {
  readonly step: string;
  readonly name: string;
  readonly likely: string;
  readonly learners: number;
}

/** The data of the dashboard page. */
export interface Dashboard {
  readonly lessons: readonly (KnownLesson & { readonly passed: number })[];
  readonly rows: readonly { readonly nickname: string; readonly cells: readonly Cell[] }[];
  readonly stuck: readonly Stuck[];
  readonly ended: string;
}

const MAX_STUCK = 3;
const MARKS = { pass: '✓', fail: '✗', error: '!', skipped: '–' } as const;

/** Computes the dashboard from what MongoDB holds. */
export function dashboardOf(
  { endedAt }: ClassDocument,
  learners: readonly Learner[],
  lessons: readonly KnownLesson[],
  now = new Date(),
): Dashboard {
  const standings = learners.map((learner) => learner.standings);
  return {
    lessons: lessons.map((lesson) => ({
      ...lesson,
      passed: standings.filter((each) => each[lesson.number]?.verdict === 'pass').length,
    })),
    rows: learners.map(({ nickname }, at) => ({
      nickname,
      cells: lessons.map(({ number }) => cellOf(standings[at]?.[number], now)),
    })),
    stuck: stuckOf(standings.flatMap(Object.values<Standing>), lessons),
    ended: endedAt ? timeOf(endedAt, now) : '',
  };
}

function cellOf(standing: Standing | undefined, now: Date): Cell {
  if (!standing) return { kind: 'none', mark: '', words: 'nothing yet', since: '' };
  const { verdict, step, since } = standing;
  const words = {
    pass: 'passes',
    fail: `fails at step ${step}`,
    error: `could not be graded at step ${step}`,
    skipped: 'was skipped',
  };
  return {
    kind: verdict,
    mark: [MARKS[verdict], step].filter(Boolean).join(' '),
    words: words[verdict],
    since: timeOf(since, now),
  };
}

/** The steps that most learners fail at now, by step and likely mistake, the most frequent first. */
function stuckOf(standings: readonly Standing[], lessons: readonly KnownLesson[]): Stuck[] {
  const names = Object.assign({}, ...lessons.map(({ steps }) => steps)) as Record<string, string>;
  const groups = new Map<string, Stuck>();
  for (const { verdict, step, likely = '' } of standings) {
    if (verdict !== 'fail' || step === undefined) continue;
    const key = `${step} ${likely}`;
    const count = (groups.get(key)?.learners ?? 0) + 1;
    groups.set(key, { step, name: names[step] ?? '', likely, learners: count });
  }
  return [...groups.values()].sort((a, b) => b.learners - a.learners).slice(0, MAX_STUCK);
}

const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const dayAndTime = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });

/** The time, by the clock of this machine; with the day when it is not today. */
function timeOf(date: Date, now: Date): string {
  return (date.toDateString() === now.toDateString() ? time : dayAndTime).format(date);
}
