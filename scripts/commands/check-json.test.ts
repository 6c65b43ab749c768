import { describe, expect, it } from 'vitest';
import { workshopCopy } from '../course/fixtures/command-support.ts';

const LESSON_1 = 'work/01-memory-store';

describe('check --json prints one document and nothing else', () => {
  const step = { id: expect.stringMatching(/^\d+\.\d+$/), name: expect.any(String) };
  const lesson = (number: number, answer: string) => ({
    number,
    slug: answer.split('/')[1]?.slice(3),
    title: expect.any(String),
    answer,
    ms: expect.any(Number),
  });
  const engine = { kind: expect.stringMatching(/^(?:mongod|embedded)$/), version: expect.any(String) };

  it('of a lesson that fails', async () => {
    const { code, out, err } = await workshopCopy().run('check 1 --json');
    const { lessons, ...rest } = JSON.parse(out);
    expect({ code, err, rest }).toEqual({ code: 1, err: '', rest: { schema: 1, engine } });
    expect(lessons).toEqual([
      { ...lesson(1, LESSON_1), verdict: 'fail', steps: expect.arrayContaining([expect.anything()]) },
    ]);
    expect(lessons[0].steps[0]).toEqual({
      ...step,
      verdict: 'fail',
      sent: expect.any(String),
      got: expect.any(String),
      likely: expect.any(String),
      look: expect.stringMatching(/^work\/01-memory-store\/app\.ts:\d+$/),
      hint: 'npm run hint 1',
    });
  });

  it('of solutions that pass', async () => {
    const { code, out } = await workshopCopy().run('check 1 3 --solutions --json');
    const { lessons } = JSON.parse(out);
    expect(code).toBe(0);
    expect(lessons.map(({ number }: { number: number }) => number)).toEqual([1, 3]);
    expect(lessons[1]).toEqual({
      ...lesson(3, 'solutions/03-session-config'),
      verdict: 'pass',
      why: expect.stringMatching(/^[A-Z].*\.$/),
      steps: lessons[1].steps.map(() => ({ ...step, verdict: 'pass', proved: expect.any(String) })),
    });
  });

  it('npm run -s check 1 -- --json', async () => {
    const { code, out } = await workshopCopy().npm('run -s check 1 -- --json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ schema: 1, lessons: [{ number: 1, verdict: 'fail' }] });
  });

  it('npm run -s check 1 --json, and then npm adds what it has to say itself', async () => {
    const { code, out } = await workshopCopy().npm('run -s check 1 --json');
    expect(code).toBe(1);
    const [ours = '', npms] = out.split(/(?<=^\})\n(?=\{)/m);
    expect(JSON.parse(ours)).toMatchObject({ schema: 1, lessons: [{ number: 1, verdict: 'fail' }] });
    if (npms) expect(JSON.parse(npms)).toEqual({ error: expect.anything() });
  });

  it('npm run -s check 1 --answer DIR --json, with the flags where npm takes them', async () => {
    const { code, out } = await workshopCopy().npm(
      'run -s check 1 --answer solutions/01-memory-store --json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      lessons: [{ answer: 'solutions/01-memory-store', verdict: 'pass' }],
    });
  });
});
