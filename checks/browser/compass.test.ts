import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFailed, onTestFinished, type TestContext } from 'vitest';
import type { SessionDocument } from '#grader/check/check-mongo.ts';
import { startEmbedded } from '../../scripts/engine/server.ts';
import { Workspace } from '../../scripts/proof/bench-grader/workspace.ts';
import { newWindow, noBrowser, useBrowser } from './browser.ts';
import { documents, filter, openCompass, session } from './compass-page.ts';
import { LIMIT_MS, OpenLesson } from './open-lesson.ts';
import { knock } from './processes.ts';
import { CompassCommand } from './run-compass.ts';
import { buyMug, idInCookie, look } from './shop-page.ts';

async function openLesson(number: number): Promise<OpenLesson> {
  const lesson = new OpenLesson(number);
  onTestFinished(() => lesson.clear());
  await lesson.passes();
  return lesson;
}

/** Runs `npm run compass` in that folder. Skips the test when npm has no registry to fetch Compass from. */
async function runCompass({ skip }: TestContext, dir: string, env: NodeJS.ProcessEnv = {}) {
  const compass = new CompassCommand(dir, env);
  onTestFinished(() => compass.clear());
  onTestFailed(() => console.log(`npm run compass printed:\n${compass.output}`));
  if ((await compass.opens()) === 'not fetched') skip('npm cannot fetch Compass here: is there no network?');
  return compass;
}

/** Stores three sessions, two of them logged in. @returns shop.sessions, by the official driver */
async function seed(uri: string) {
  const client = new MongoClient(uri);
  onTestFinished(() => client.close());
  const sessions = client.db('shop').collection<SessionDocument>('sessions');
  const expires = new Date(Date.now() + 3_600_000);
  await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
  for (const [_id, isLoggedIn] of [
    ['seed-ada', true],
    ['seed-grace', true],
    ['seed-visitor', false],
  ] as const)
    await sessions.insertOne({ _id, expires, session: session(isLoggedIn) });
  return sessions;
}

/** Records the hosts that a page requests from now on, also over WebSockets. */
function recordHosts(page: Page): Set<string> {
  const hosts = new Set<string>();
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:') hosts.add(url.host);
  });
  page.on('websocket', (socket) => hosts.add(new URL(socket.url()).host));
  return hosts;
}

describe.skipIf(noBrowser)('npm run compass', { timeout: 5 * LIMIT_MS }, () => {
  useBrowser();

  it('shows the sessions of the lesson that is open, asks no other host, and takes the cart with a session', async (context) => {
    const lesson = await openLesson(3);
    await seed(lesson.mongoUri);
    const shopper = await newWindow();
    await buyMug(shopper.page, lesson.url);
    const id = await idInCookie(shopper.context);
    const compass = await runCompass(context, lesson.workspace.dir);
    expect(compass.output).toContain(lesson.mongoUri);

    const { page } = await newWindow();
    const hosts = recordHosts(page);
    await openCompass(page, compass.url);
    expect(await documents(page)).toHaveLength(4);

    const [first] = await page.getByTestId('hadron-document').all();
    await first
      ?.getByRole('button', { name: /expand/i })
      .first()
      .click();
    await first?.getByText('isLoggedIn').waitFor();
    expect(await first?.innerText()).toMatch(/isLoggedIn\s*:\s*true[\s\S]*userId\s*:\s*"ada"/);

    await filter(page, '{ "session.isLoggedIn": true }', 2);
    await filter(page, '{ _id: "seed-visitor" }', 1);
    expect((await documents(page))[0]).toContain('seed-visitor');

    await filter(page, `{ _id: "${id}" }`, 1);
    const document = page.getByTestId('editable-document').filter({ hasText: id });
    await document.hover();
    await document.getByTestId('remove-document-button').click();
    await document.getByRole('button', { name: 'Delete' }).click();
    await document.waitFor({ state: 'detached' });
    await shopper.page.reload();
    expect(await look(shopper.page)).toMatchObject({ cart: [] });

    await page.getByRole('tab', { name: /Indexes/ }).click();
    const index = page.getByRole('row').filter({ hasText: 'expires_1' });
    await index.waitFor();
    expect(await index.innerText()).toMatch(/TTL/i);
    expect([...hosts]).toEqual([new URL(compass.url).host]);
  });

  it('only reads the database in .env, and keeps its password from the browser and the terminal', async (context) => {
    const mongo = await startEmbedded({ users: { ada: 's3cret-word' } });
    onTestFinished(() => mongo.stop());
    const uri = `${mongo.uri.replace('//', '//ada:s3cret-word@')}shop?authSource=admin`;
    const sessions = await seed(uri);
    const workspace = new Workspace(3);
    onTestFinished(() => workspace.remove());
    const compass = await runCompass(context, workspace.dir, { MONGODB_URI: uri });
    expect(compass.output).toContain('read only');
    expect(compass.output).not.toContain('s3cret');

    const { page } = await newWindow();
    const bodies: Promise<string>[] = [];
    page.on('response', (response) => {
      if (response.url().includes('/explorer/')) bodies.push(response.text());
    });
    await openCompass(page, compass.url);
    expect(await documents(page)).toHaveLength(3);
    expect(await page.getByTestId('remove-document-button').count()).toBe(0);
    expect((await Promise.all(bodies)).join()).not.toContain('s3cret');
    expect(await sessions.countDocuments()).toBe(3);
  });

  it('gives another page nothing, and leaves nothing open at its end', async (context) => {
    const lesson = await openLesson(3);
    const compass = await runCompass(context, lesson.workspace.dir);
    const { page } = await newWindow();
    await page.goto(lesson.url);
    const tunnel = `${compass.url.replace('http:', 'ws:')}tunnel`;
    expect(await reach(page, compass.url, tunnel)).toEqual({ fetched: false, opened: false });

    const end = await compass.interrupt();
    if (process.platform !== 'win32') expect(end).toBe('exit code 0');
    expect(await knock(compass.url)).toBe('ECONNREFUSED');
    expect(await knock(lesson.mongoUri)).toBe('open');

    const note = join(lesson.workspace.dir, '.workshop', 'open-lesson.json');
    expect(existsSync(note)).toBe(true);
    await lesson.interrupt();
    if (process.platform !== 'win32') expect(existsSync(note)).toBe(false);
  });
});

/** What a script in this page can read from there. */
function reach(page: Page, url: string, tunnel: string): Promise<{ fetched: boolean; opened: boolean }> {
  const script = `Promise.all([
    fetch(${JSON.stringify(url)}).then(() => true, () => false),
    new Promise((done) => {
      const socket = new WebSocket(${JSON.stringify(tunnel)});
      socket.onopen = () => done(true);
      socket.onerror = () => done(false);
    }),
  ]).then(([fetched, opened]) => ({ fetched, opened }))`;
  return page.evaluate(script);
}
