import { dirname } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { tinyWorkshop } from '../course/fixtures/test-support.ts';
import { isRunning } from '../processes/is-running.ts';
import { LessonShop, type ShopParts } from './lesson-shop.ts';
import { XRay } from './workbench/xray/xray.ts';

const APP = 'work/01-hello/app.ts';

/** The shop of a lesson, and the processes that it has opened so far. */
function lessonShop(onOpening = '') {
  const tiny = tinyWorkshop();
  const notes = tiny.path('processes');
  tiny.write('processes', '');
  // The output of a shop whose lesson is closed is not printed: each process writes its ID to a file.
  tiny.write(
    APP,
    `import { appendFileSync } from 'node:fs';
import express from 'express';
export function createApp() {
  appendFileSync(${JSON.stringify(notes)}, process.pid + ' ');
  ${onOpening}
  return express();
}
`,
  );
  const pids = () => tiny.read('processes').split(' ').filter(Boolean).map(Number);
  const said: string[] = [];
  const config = { mongodbUri: 'mongodb://127.0.0.1:1/shop', sessionSecret: 'for tests' };
  const shop = new LessonShop({
    lesson: { workDir: dirname(tiny.path(APP)) },
    xray: new XRay(() => {}, Date.now),
    database: { env: {} },
    setup: {},
    watched: { config },
    instances: undefined,
    say: (line: string) => said.push(line),
    changed: () => {},
  } as unknown as ShopParts);
  onTestFinished(() => shop.close());
  return { shop, pids, said };
}

it('a second instance that is asked for twice at once is there and gone again', async () => {
  const { shop, pids } = lessonShop();
  await shop.reopen();
  await Promise.all([shop.switchSecond(), shop.switchSecond()]);
  expect(shop.hasSecond).toBe(false);
  expect(pids().map((pid) => isRunning(pid))).toEqual([true, false]);
});

it('leaves nothing running when it is closed while it opens, restarts and gets a second instance', async () => {
  const { shop, pids } = lessonShop();
  await shop.reopen();
  const busy = [shop.restart(), shop.switchSecond(), shop.renewSecret()];
  // The first process is ending now.
  await new Promise(setImmediate);
  await shop.close();
  await Promise.allSettled(busy);
  await shop.switchSecond();
  expect(shop.port).toBe(undefined);
  expect(pids().filter((pid) => isRunning(pid))).toEqual([]);
});

it('a shop that ends by itself as soon as it is open is said, and so is the second instance of it', async () => {
  const { shop, said } = lessonShop('setTimeout(() => process.exit(7), 1);');
  await shop.reopen();
  await shop.switchSecond();
  await vi.waitFor(
    () => expect(said.filter((line) => line.includes('ended with exit code 7'))).toHaveLength(2),
    { timeout: 60_000 },
  );
});
