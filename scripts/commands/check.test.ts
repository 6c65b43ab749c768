import { describe, expect, it } from 'vitest';
import { workshopCopy } from '../course/fixtures/command-support.ts';

const LESSON_1 = 'work/01-memory-store';
const STARTER_1 = 'lessons/01-memory-store';
const PROGRESS = '.workshop/progress/01-memory-store.verdict.json';

describe('check', () => {
  it('tells what a starter lacks, and remembers it', async () => {
    const shop = workshopCopy();
    const { code, out, err } = await shop.run('check 1');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toMatch(/^ {2}Lesson 1 {3}.+ {3}graded on (?:mongod|embedded) \d/);
    expect(out).toMatch(
      /✗ 1\.1 [\s\S]+sent [\s\S]+got [\s\S]+likely [\s\S]+look +work\/01-memory-store\/app\.ts:\d+/,
    );
    expect(out).toMatch(/\d of \d steps pass\. {3}npm run hint 1/);
    expect(JSON.parse(shop.read(PROGRESS))).toMatchObject({
      verdict: 'fail',
      steps: { '1.1': 'fail' },
    });
  });

  it('passes a solved lesson', async () => {
    const shop = workshopCopy();
    shop.solve('01-memory-store');
    const { code, out } = await shop.run('check 1');
    expect(code).toBe(0);
    expect(out).toContain('All 5 steps pass.');
  });

  it('tells the place of a syntax error', async () => {
    const shop = workshopCopy();
    shop.write(`${LESSON_1}/app.ts`, `const a = 1;\nconst = 2;\n`);
    const { code, out } = await shop.run('check 1');
    expect(code).toBe(1);
    expect(out).toMatch(/SyntaxError[\s\S]+look +work\/01-memory-store\/app\.ts:2\n/);
  });

  it('tells the place of an error that the answer throws', async () => {
    const shop = workshopCopy();
    shop.write(
      `${LESSON_1}/app.ts`,
      "export function createApp() {\n  throw new Error('no shop today');\n}\n",
    );
    const { code, out } = await shop.run('check 1');
    expect(code).toBe(1);
    expect(out).toMatch(/no shop today[\s\S]+look +work\/01-memory-store\/app\.ts:2\n/);
  });

  it('--solutions grades ours, and remembers nothing', async () => {
    const shop = workshopCopy();
    expect((await shop.run('check 3 --solutions')).code).toBe(0);
    expect(shop.has(PROGRESS)).toBe(false);
  });

  it('--answer grades the files in a folder, and remembers nothing', async () => {
    const shop = workshopCopy();
    const before = shop.read(`${STARTER_1}/app.ts`);
    expect((await shop.run('check 1 --answer solutions/01-memory-store')).code).toBe(0);
    expect(shop.read(`${STARTER_1}/app.ts`)).toBe(before);
    expect(shop.has('work')).toBe(false);
    expect(shop.has(PROGRESS)).toBe(false);
  });

  it('names a file that is gone, and reset puts it back', async () => {
    const shop = workshopCopy();
    await shop.run('hint 1');
    shop.delete(`${LESSON_1}/app.ts`);
    const { code, err } = await shop.run('check 1');
    expect(code).toBe(2);
    expect(err).toBe(`${LESSON_1}/app.ts is gone. npm run reset 1   puts the starter back.\n`);
    expect((await shop.run('reset 1')).code).toBe(0);
    expect((await shop.run('check 1')).code).toBe(1);
  });

  it('ends quietly when nobody reads what it prints', async () => {
    const { code, err } = await workshopCopy().runUnread('check 1');
    expect(err).toBe('');
    expect(code).toBe(1);
  });
});
