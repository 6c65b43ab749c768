import { type Collection, MongoClient } from 'mongodb';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFailed, onTestFinished, vi } from 'vitest';
import type { SessionDocument } from '#grader/check/check-mongo.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { OpenLesson, PATIENCE } from './open-lesson.ts';
import { descendantsOf, isRunning, knock } from './processes.ts';
import { buyMug, idInCookie, look, type Seen } from './shop-page.ts';

const PATIENTLY = { timeout: PATIENCE, interval: 20 };

/** Opens a lesson with our solution as the answer, and waits for its first verdict. */
async function openLesson(number: number): Promise<OpenLesson> {
  const lesson = new OpenLesson(number);
  onTestFinished(() => lesson.clear());
  onTestFailed(() => console.log(`npm run lesson ${number} printed:\n${lesson.output}`));
  await lesson.passes();
  return lesson;
}

/** Saves app.ts, changed by a comment. @returns the cart page, served by another process than the one before */
async function cartAfterSave(lesson: OpenLesson, page: Page, before: Seen): Promise<Seen> {
  await lesson.passes(() => lesson.workspace.saveApp(`${lesson.workspace.app}// saved\n`));
  return vi.waitFor(async () => {
    await page.goto(`${lesson.url}/cart`);
    const seen = await look(page);
    expect(seen.pid).not.toBe(before.pid);
    return seen;
  }, PATIENTLY);
}

/** shop.sessions, seen by the official driver. */
function sessionsOf(lesson: OpenLesson): Collection<SessionDocument> {
  const client = new MongoClient(lesson.mongoUri, { serverSelectionTimeoutMS: PATIENCE });
  onTestFinished(() => client.close());
  return client.db().collection('sessions');
}

describe.skipIf(noBrowser)('the path of a learner', { timeout: 5 * PATIENCE }, () => {
  useBrowser();

  it('lesson 3: cookie, ticket and document are one session, which survives a save', async () => {
    const lesson = await openLesson(3);
    const { context, page } = await newWindow();

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

    const after = await cartAfterSave(lesson, page, before);
    expect(after).toMatchObject({ cart: ['Enamel mug'], ticket: id });
    expect(await idInCookie(context)).toBe(id);
  });

  it('lesson 1: the process had the cart in its memory, and a save ends the process', async () => {
    const lesson = await openLesson(1);
    const { context, page } = await newWindow();

    const before = await buyMug(page, lesson.url);
    expect(before).toMatchObject({ cart: ['Enamel mug'], ticket: await idInCookie(context) });

    const after = await cartAfterSave(lesson, page, before);
    expect(after).toMatchObject({ cart: [], ticket: '' });
    expect(after.ticketWords).toContain('No session yet');
  });

  it('lesson 3: two browsers have a cart each', async () => {
    const lesson = await openLesson(3);
    const [ada, grace] = [await newWindow(), await newWindow()];

    const adas = await buyMug(ada.page, lesson.url);
    await grace.page.goto(`${lesson.url}/cart`);
    expect(await look(grace.page)).toMatchObject({ cart: [], ticket: '' });

    await grace.page.goto(lesson.url);
    await grace.page.getByRole('button', { name: 'Add Stoneware teapot to cart' }).click();
    await grace.page.waitForURL(`${lesson.url}/cart`);
    const graces = await look(grace.page);
    expect(graces.cart).toEqual(['Stoneware teapot']);
    expect(graces.ticket).not.toBe(adas.ticket);

    await ada.page.reload();
    expect(await look(ada.page)).toMatchObject({ cart: ['Enamel mug'], ticket: adas.ticket });
  });

  it('lesson 3: a syntax error is named with its place, and the next save mends it', async () => {
    const lesson = await openLesson(3);
    const { page } = await newWindow();
    const before = await buyMug(page, lesson.url);
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

    await lesson.passes(() => lesson.workspace.saveApp(app));
    await page.goto(`${lesson.url}/cart`);
    const after = await look(page);
    expect(after).toMatchObject({ cart: ['Enamel mug'], ticket: before.ticket });
    expect(after.pid).not.toBe(before.pid);
  });

  it('lesson 3: Ctrl+C ends everything that the lesson started', async () => {
    const lesson = await openLesson(3);
    const { page } = await newWindow();
    const { pid } = await buyMug(page, lesson.url);
    const started = descendantsOf(lesson.pid);
    if (process.platform !== 'win32') expect(started).toContain(pid);
    expect(await knock(lesson.url)).toBe('open');
    expect(await knock(lesson.mongoUri)).toBe('open');

    const end = await lesson.interrupt();

    if (process.platform !== 'win32') {
      expect(end).toBe('exit code 0');
      expect(lesson.workspace.gradedCopies).toEqual([]);
    }
    await vi.waitFor(() => expect([pid, ...started].filter(isRunning)).toEqual([]), PATIENTLY);
    expect(await knock(lesson.url)).toBe('ECONNREFUSED');
    expect(await knock(lesson.mongoUri)).toBe('ECONNREFUSED');
  });

  it('lesson 3: Ctrl+C in the middle of a grading leaves no copy of the answer', async () => {
    const lesson = await openLesson(3);
    const { workspace } = lesson;
    workspace.saveApp(`${workspace.app}// saved\n`);
    await vi.waitUntil(() => workspace.gradedCopies.length > 0, PATIENTLY);

    const end = await lesson.interrupt();

    if (process.platform !== 'win32') {
      expect(end).toBe('exit code 0');
      expect(workspace.gradedCopies).toEqual([]);
    }
  });
});
