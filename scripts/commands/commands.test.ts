import { describe, expect, it } from 'vitest';
import { workshopCopy } from '../course/fixtures/command-support.ts';

const LESSON_1 = 'work/01-memory-store';
const STARTER_1 = 'lessons/01-memory-store';
const PROGRESS = '.workshop/progress/01-memory-store.verdict.json';

describe('the way of a learner', () => {
  it('hint, and hint again: up the ladder', async () => {
    const shop = workshopCopy();
    expect((await shop.run('hint 1')).out).toContain('Step 1.1, hint 1 of 3');
    expect((await shop.run('hint 1')).out).toContain('Step 1.1, hint 2 of 3');
  });

  it('solution shows the difference, and why', async () => {
    const { code, out } = await workshopCopy().run('solution 1');
    expect(code).toBe(0);
    expect(out).toMatch(/ {2}- .*TODO[\s\S]+ {2}\+ .*session\(/);
  });

  it('list tells where one is, from the verdicts of check', async () => {
    const shop = workshopCopy();
    expect((await shop.run('list')).out).toMatch(/› {2}1 .* not graded yet[\s\S]+npm run lesson 1/);
    shop.solve('01-memory-store');
    await shop.run('check 1');
    const { code, out } = await shop.run('list');
    expect(code).toBe(0);
    expect(out).toMatch(/✓ {2}1 .* 5 of 5 steps[\s\S]+› {2}2 .* not graded yet[\s\S]+npm run lesson 2/);
  });

  it('reset keeps what was written, and forgets its verdict', async () => {
    const shop = workshopCopy();
    const starter = shop.read(`${STARTER_1}/app.ts`);
    shop.solve('01-memory-store');
    await shop.run('check 1');
    const { code, out } = await shop.run('reset 1');
    expect(code).toBe(0);
    const [, attic] =
      /^Lesson 1 begins anew: work\/01-memory-store has the starter\.\nYour version is kept in (\S+)\n$/.exec(
        out,
      ) ?? [];
    expect(shop.read(`${attic}/app.ts`)).toBe(shop.read('solutions/01-memory-store/app.ts'));
    expect(shop.read(`${LESSON_1}/app.ts`)).toBe(starter);
    expect((await shop.run('list')).out).toMatch(/› {2}1 .* not graded yet/);
  });

  it('goes on when the progress cannot be read', async () => {
    const shop = workshopCopy();
    await shop.run('hint 1');
    shop.write(PROGRESS, '{ "schema": 1, "less');
    const { code, err } = await shop.run('check 1');
    expect(code).toBe(1);
    expect(err).toMatch(
      /^Progress in \S+ could not be read\. It was moved to \.workshop\/unreadable-\S+\.json/,
    );
  });
});
