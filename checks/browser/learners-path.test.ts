import { type Collection, MongoClient } from 'mongodb';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFailed, onTestFinished, vi } from 'vitest';
import type { SessionDocument } from '#grader/check/check-mongo.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { LIMIT_MS, OpenLesson } from './open-lesson.ts';
import { descendantsOf, isRunning, knock } from './processes.ts';
import { buyMug, idInCookie, look, type Seen } from './shop-page.ts';

const PATIENTLY = { timeout: LIMIT_MS, interval: 20 };

/** Opens a lesson with our solution as the answer, and waits for its first verdict. */
async function openLesson(number: number): Promise<OpenLesson> {
  const lesson = new OpenLesson(number);
  onTestFinished(() => lesson.clear());
  onTestFailed(() => console.log(`npm run lesson ${number} printed:\n${lesson.output}`));
  await lesson.passes();
  return lesson;
}

/** Saves app.ts with a comment added: the current one, or a given one. @returns the cart page, from another process than before */
async function cartAfterSave(
  lesson: OpenLesson,
  page: Page,
  before: Seen,
  app = lesson.workspace.app,
): Promise<Seen> {
  await lesson.passes(() => lesson.workspace.saveApp(`${app}// saved\n`));
  return vi.waitFor(async () => {
    await page.goto(`${lesson.url}/cart`);
    const seen = await look(page);
    expect(seen.pid).not.toBe(before.pid);
    return seen;
  }, PATIENTLY);
}

/** shop.sessions, by the official driver. */
function sessionsOf(lesson: OpenLesson): Collection<SessionDocument> {
  const client = new MongoClient(lesson.mongoUri, { serverSelectionTimeoutMS: LIMIT_MS });
  onTestFinished(() => client.close());
  return client.db().collection('sessions');
}

describe.skipIf(noBrowser)('the path of a learner', { timeout: 5 * LIMIT_MS }, () => {
  useBrowser();

  it('lesson 3: one session a browser, in MongoDB; it survives saves, and a broken one is said', async () => {
    const lesson = await openLesson(3);
    const { context, page } = await newWindow();
    const grace = await newWindow();

    // Cookie, ticket and document belong to the same session.
    const before = await buyMug(page, lesson.url);
    const id = await idInCookie(context);
    expect(before).toMatchObject({ cart: ['Enamel mug'], ticket: id });
    const sessions = sessionsOf(lesson);
    expect(sessions.namespace).toBe('shop.sessions');
    const document = await sessions.findOne({ _id: id });
    expect(document?.session).toMatchObject({ cart: [{ productId: 'mug', quantity: 1 }] });
    expect(document?.expires).toBeInstanceOf(Date);
    expect(document?.expires.getTime()).toBeGreaterThan(Date.now());
    expect(await sessions.indexes()).toContainEqual(
      expect.objectContaining({ key: { expires: 1 }, expireAfterSeconds: 0 }),
    );

    // Another browser has another cart.
    await grace.page.goto(`${lesson.url}/cart`);
    expect(await look(grace.page)).toMatchObject({ cart: [], ticket: '' });
    await grace.page.goto(lesson.url);
    await grace.page.getByRole('button', { name: 'Add Stoneware teapot to cart' }).click();
    await grace.page.waitForURL(`${lesson.url}/cart`);
    const graces = await look(grace.page);
    expect(graces.cart).toEqual(['Stoneware teapot']);
    expect(graces.ticket).not.toBe(id);

    // A syntax error is reported with its place, and the next save fixes it.
    const { app } = lesson.workspace;
    const lines = app.split('\n');
    const line = lines.indexOf('  app.use(shopHeader);') + 1;
    expect(line).toBeGreaterThan(0);
    const broken = app.replace('  app.use(shopHeader);', '  app.use(shopHeader;');
    await lesson.says(
      [
        /^shop │ The shop did not open/m,
        /^shop │ SyntaxError: /m,
        new RegExp(`^shop │ work/03-session-config/app\\.ts:${line}$`, 'm'),
      ],
      () => lesson.workspace.saveApp(broken),
    );
    const after = await cartAfterSave(lesson, page, before, app);
    expect(after).toMatchObject({ cart: ['Enamel mug'], ticket: id });
    expect(await idInCookie(context)).toBe(id);
  });

  it('lesson 1: Ctrl+C in the middle of a grading ends everything that the lesson started', async () => {
    const lesson = await openLesson(1);
    const { page } = await newWindow();
    const before = await buyMug(page, lesson.url);
    // The cart was in the process's memory, and a save ends the process.
    const after = await cartAfterSave(lesson, page, before);
    expect(after).toMatchObject({ cart: [], ticket: '' });
    expect(after.ticketWords).toContain('No session yet');

    const started = descendantsOf(lesson.pid);
    if (process.platform !== 'win32') expect(started).toContain(after.pid);
    expect(await knock(lesson.url)).toBe('open');
    expect(await knock(lesson.mongoUri)).toBe('open');
    const { workspace } = lesson;
    workspace.saveApp(`${workspace.app}// again\n`);
    await vi.waitUntil(() => workspace.gradedCopies.length > 0, PATIENTLY);
    const grading = descendantsOf(lesson.pid);

    const end = await lesson.interrupt();

    if (process.platform !== 'win32') {
      expect(end).toBe('exit code 0');
      expect(workspace.gradedCopies).toEqual([]);
    }
    await vi.waitFor(
      () => expect([after.pid, ...started, ...grading].filter(isRunning)).toEqual([]),
      PATIENTLY,
    );
    expect(await knock(lesson.url)).toBe('ECONNREFUSED');
    expect(await knock(lesson.mongoUri)).toBe('ECONNREFUSED');
  });
});
