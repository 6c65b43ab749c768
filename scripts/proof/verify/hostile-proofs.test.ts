import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tinyWorkshop } from '../../course/fixtures/test-support.ts';
import { findLessons } from '../../course/lessons.ts';
import { Judge } from '../../grader/grade.ts';
import { judgeEach } from '../../grader/judges.ts';
import { HOSTILE, type Hostile } from '../hostile.ts';
import { hostileProof } from './hostile-proofs.ts';

// `npm run verify:hostile` runs each of them in every lesson.
it('each hostile answer gets its verdict, and each lesson has one of them', async () => {
  const lessons = findLessons();
  const proofs = HOSTILE.map((hostile, i) =>
    hostileProof(lessons[i % lessons.length]!, hostile, { quick: true }),
  );
  const problems: string[] = [];
  await judgeEach(proofs, async (judge, { name, run }) => {
    const wrong = await run(judge);
    if (wrong) problems.push(`${name}: ${wrong}`);
  });
  expect(problems).toEqual([]);
});

describe('a proof tells', () => {
  /** The result of the proof for a hostile answer of the tiny workshop. */
  async function said(hostile: Omit<Hostile, 'name'>): Promise<unknown> {
    const tiny = tinyWorkshop();
    const judge = await Judge.open(tiny.root);
    onTestFinished(() => judge.close());
    return hostileProof(tiny.lesson, { name: 'it is hostile', ...hostile }).run(judge);
  }

  it('of an answer that passes', async () => {
    expect(await said({ files: () => ({}) })).toBe('its verdict is pass');
  });

  it('of one that is told other words, and which', async () => {
    const files = () => ({ 'app.ts': 'const = 1;' });
    expect(await said({ files, says: /endless loop/ })).toMatch(
      /^1\.1 should say .*endless loop.*SyntaxError/s,
    );
  });

  it('of one that should pass', async () => {
    const files = () => ({ 'app.ts': 'const = 1;' });
    expect(await said({ files, passes: true })).toMatch(/^it fails at 1\.1: .*SyntaxError/s);
  });

  it('of one that still listens', async () => {
    const files: Hostile['files'] = ({ port }) => {
      const server = createServer().listen(port, '127.0.0.1');
      onTestFinished(() => void server.close());
      return {};
    };
    expect(await said({ files, passes: true })).toMatch(/^somebody still listens on its port \d+$/);
  });
});
