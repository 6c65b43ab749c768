import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { failure, GraderFixture } from '../grader/fixtures/grader-fixture.ts';

const APP = 'work/01-hello/app.ts';
const SEND = "res.send(greeting(String(req.query.name ?? 'world')));";

const CHECK = 'checks/01-hello.check.ts';
/** A check that sends a second request after the shop had time to end. */
const ASKS_TWICE = `import { defineCheck } from '#grader/check/check.ts';
export default defineCheck((step) => {
  step('1.1', 'the page is there twice', async (stage) => {
    await stage.shopper('Ann').visits('/');
    await stage.shop.howItEnded();
    await stage.shopper('Ann').visits('/');
    return 'It was there twice.';
  });
});
`;

// Those that hang, and the others of hostile.ts, are graded in real lessons: verify/hostile-proofs.test.ts.
describe('an answer', () => {
  let grader: GraderFixture;
  beforeAll(async () => {
    grader = new GraderFixture();
    await grader.judge;
  });
  afterAll(() => grader.close());

  describe('that ends its own process', () => {
    it('while it loads', async () => {
      const step = failure(await grader.grade(grader.after('process.exit(0);')));
      expect(step.got).toContain('its process ended with exit code 0');
      expect(step.likely).toContain('process.exit()');
    });

    it('in a route', async () => {
      const step = failure(await grader.grade(grader.route('process.exit(5);')));
      expect(step.sent).toContain('GET /');
      expect(step.got).toContain("no answer: the shop's process ended with exit code 5");
      expect(step.likely).toContain('process.exit()');
    });

    it('by a rejection that nobody handles', async () => {
      const step = failure(
        await grader.grade(grader.route("void Promise.reject(new Error('nobody waits'));")),
      );
      expect(step.got).toContain('process ended with exit code 1');
      expect(step.got).toContain('Error: nobody waits');
      expect(step.look).toMatch(/^work\/01-hello\/app\.ts:\d+$/);
    });

    it('and leaves one that it started behind', async () => {
      const starts = `
import { spawn } from 'node:child_process';
const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
note(${JSON.stringify(grader.tiny.path('left'))}, String(left.pid));
`;
      const verdict = await grader.grade(grader.after(starts));
      expect(verdict.verdict).toBe('pass');
      const left = Number(grader.tiny.read('left'));
      expect(left).toBeGreaterThan(0);
      // The signal was sent; the system ends the process later.
      await vi.waitFor(() => expect(() => process.kill(left, 0)).toThrow('ESRCH'), { timeout: 120_000 });
    });

    it('right after it has answered, and before it is asked again', async () => {
      const own = new GraderFixture();
      own.tiny.write(CHECK, ASKS_TWICE);
      const dies = "res.once('finish', () => void Promise.reject(new Error('too late to tell')));";
      try {
        const step = failure(await own.grade(own.route(`${dies}\n${SEND}`)));
        expect(step.got).toContain('too late to tell');
      } finally {
        await own.close();
      }
    });
  });

  describe('that disturbs its judge', () => {
    const MEDDLING = `process.send = () => true;
process.exit = (() => {}) as never;
process.kill = () => true;
globalThis.fetch = () => Promise.reject(new Error('no fetch'));
console.error = console.log = () => {};
Date.now = () => 0;
JSON.stringify = () => '';`;

    it('replaces globals: a right one passes', async () => {
      expect((await grader.grade(grader.after(MEDDLING))).verdict).toBe('pass');
    });

    it("replaces globals: a wrong one fails in the check's words", async () => {
      const step = failure(await grader.grade(`${MEDDLING}\n${grader.route("res.send('');")}`));
      expect(step.likely).toBe('The greeting was made and not sent.');
    });

    it('deletes its own file: only the copy is gone', async () => {
      const text = `import { unlinkSync } from 'node:fs';\nunlinkSync(import.meta.filename);\n`;
      const step = failure(await grader.grade(text + grader.route("res.send('');")));
      expect(step.likely).toBe('The greeting was made and not sent.');
      expect(step.look).toBe(APP);
    });

    it.each([
      "{ kind: 'failed', message: 5 }",
      "{ kind: 'listening', port: 1 }",
      "{ kind: 'listening', port: 'x' }",
      "{ kind: 'listening', port: 1, token: '' }",
      "{ kind: 'facts', facts: { calls: [null], requests: [{}] } }",
      "'listening'",
      'null',
    ])('tells it lies: %s', async (message) => {
      const lie = `process.send?.(${message});`;
      const { verdict } = await grader.grade(`${lie}\n${grader.route("res.send('');")}`);
      expect(verdict).toBe('fail');
    });

    it('listens by itself as well, and is right', async () => {
      const listens = grader.right.replace('return app;', 'app.listen(0);\n  return app;');
      expect((await grader.grade(listens)).verdict).toBe('pass');
    });

    it('ignores every signal, and is right', async () => {
      const deaf = "for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(name, () => {});";
      expect((await grader.grade(grader.after(deaf))).verdict).toBe('pass');
    });
  });

  describe('that prints 50 MB', () => {
    const PRINTS = `const text = 'x'.repeat(1024 * 1024) + '\\n';
for (let i = 0; i < 50; i += 1) await new Promise((done) => process.stdout.write(text, done));`;

    it('passes when it is right', async () => {
      expect((await grader.grade(grader.after(PRINTS))).verdict).toBe('pass');
    });

    it('still has its own error told, with its place', async () => {
      const step = failure(
        await grader.grade(`${PRINTS}\n${grader.route("throw new Error('after all that');")}`),
      );
      expect(step.got).toContain('Error: after all that');
      expect(step.look).toMatch(/^work\/01-hello\/app\.ts:\d+$/);
    });
  });
});
