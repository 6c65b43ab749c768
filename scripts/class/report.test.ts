import { describe, expect, it } from 'vitest';
import { aReport } from './fixtures/learner.ts';
import { own } from './fixtures/test-class.ts';
import { aVerdict } from './fixtures/verdict.ts';
import { readReport, reportOf } from './report.ts';

const LESSONS = [1, 2, 3];

describe('a report', () => {
  it('holds numbers, verdicts, and of the likely mistake only our own words', () => {
    const report = reportOf(aVerdict(), { id: 'some-id-1', seq: 7 }, own);
    expect(report).toEqual({
      id: 'some-id-1',
      seq: 7,
      lesson: 3,
      verdict: 'fail',
      steps: [
        { id: '3.1', verdict: 'pass' },
        { id: '3.2', verdict: 'fail' },
      ],
      likely: '… It goes into req.session.cart.',
    });
    expect(readReport({ ...report, agoMs: 5 }, LESSONS, own)).toEqual({ ...report, agoMs: 5 });
  });

  it('of a lesson that passes has no likely mistake', () => {
    expect(reportOf(aVerdict({ verdict: 'pass', steps: [] }), { id: 'a', seq: 1 }, own)).not.toHaveProperty(
      'likely',
    );
  });

  it('says nothing on the dashboard that is not in the checks, and brings nothing else along', () => {
    const forged = {
      ...aReport({ likely: 'Mallory was here.' }),
      nickname: 'Eve',
      at: 0,
      classCode: 'X',
      _id: 'X',
    };
    expect(Object.keys(readReport(forged, LESSONS, own)).sort()).toEqual(
      ['agoMs', 'id', 'lesson', 'seq', 'steps', 'verdict'].sort(),
    );
  });

  it.each([
    ['nothing', undefined, 'its id is missing'],
    ['a list', [], 'its id is missing'],
    ['an id that is a filter', { ...aReport(), id: { $ne: 1 } }, 'its id is missing or wrong'],
    ['no number', { ...aReport(), seq: 1.5 }, 'its number'],
    ['a time to come', { ...aReport(), agoMs: -1 }, 'its age'],
    ['a word of its own', { ...aReport(), verdict: 'brilliant' }, 'its verdict'],
    [
      'a made-up lesson',
      aReport({ lesson: 99, steps: [] }),
      'This class has no lesson 99. Its lessons are 1 to 3.',
    ],
    ['no steps', { ...aReport(), steps: 'all' }, 'its steps'],
    ['too many steps', { ...aReport(), steps: Array(51).fill({ id: '3.1', verdict: 'pass' }) }, 'its steps'],
    ["another lesson's step", { ...aReport(), steps: [{ id: '2.1', verdict: 'pass' }] }, 'one of its steps'],
    [
      'a step that is markup',
      { ...aReport(), steps: [{ id: '3.<b>', verdict: 'pass' }] },
      'one of its steps',
    ],
    ['a step that is null', { ...aReport(), steps: [null] }, 'one of its steps'],
    ['a made-up verdict', { ...aReport(), steps: [{ id: '3.1', verdict: 1 }] }, 'the verdict of step 3.1'],
  ])('is refused with %s', (_what, body, words) => {
    expect(() => readReport(body, LESSONS, own)).toThrow(words);
  });
});
