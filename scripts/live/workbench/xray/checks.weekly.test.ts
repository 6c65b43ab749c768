import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { solutionOf } from '../../../course/answers.ts';
import { findLessons } from '../../../course/lessons.ts';
import { Judge, loadCheck } from '../../../grader/grade.ts';
import type { OpenRequest } from '../../../grader/shop-process/shop-messages.ts';
import { ShopPool } from '../../../grader/shop-process/shop-pool.ts';
import { ShopProcess } from '../../../grader/shop-process/shop-process.ts';
import { Door } from '../doors/door.ts';
import { MongoSide } from './mongo-side.ts';
import { XRay } from './xray.ts';

// The X-ray changes nothing: every check passes with a shop that is watched from inside and reached through a door, and with sessions that are read
// before and after each request. In a check with instances no door is opened, because it would be in front of the balancer:
// there only the processes are watched.

let client: MongoClient;
let seen = 0;
let reported = 0;
let hasInstances = false;

/** A shop process that the X-ray looks into. Its shoppers come through a door. */
class WatchedProcess extends ShopProcess {
  #door: Door | undefined;
  #xray: XRay | undefined;

  constructor() {
    super();
    this.onInside((report) => {
      reported++;
      this.#xray?.inside(report);
    });
  }

  override async open(request: OpenRequest, limitMs: number): Promise<number> {
    const { sessionSecret, mongodbUri } = request.config;
    const xray = new XRay(() => {}, Date.now);
    const secrets = [{ name: 'config.sessionSecret', value: String(sessionSecret) }];
    xray.about(secrets, new MongoSide(client, new URL(mongodbUri).pathname.slice(1) || 'test'));
    this.#xray = xray;
    const port = await super.open({ ...request, watched: true }, limitMs);
    if (hasInstances) return port;
    await this.#door?.close();
    this.#door = await Door.open(0, {
      shopper: 'Ann',
      token: 'none',
      cookies: undefined,
      xray,
      shopPort: () => port,
      onPage: () => {},
      onLost: () => {},
      onAnswer: () => seen++,
    });
    void this.ended.then(() => this.#door?.close());
    return Number(new URL(this.#door.address.origin).port);
  }

  override async end(): Promise<void> {
    await super.end();
    await this.#door?.close();
  }
}

class WatchedPool extends ShopPool {
  override take(): ShopProcess {
    return new WatchedProcess();
  }
}

let judge: Judge;
beforeAll(async () => {
  judge = await Judge.open(undefined, new WatchedPool(0));
  client = new MongoClient(judge.engine.uri);
});
afterAll(async () => {
  await client.close();
  await judge.close();
});

it.each(findLessons().map((lesson) => [lesson.folder, lesson] as const))('%s', async (_, lesson) => {
  [seen, reported] = [0, 0];
  hasInstances = (await loadCheck(lesson))?.instances !== undefined;
  const verdict = await judge.grade(lesson, solutionOf(lesson));
  expect(verdict.steps.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  // A lesson whose shop gets no requests has none to show.
  expect(reported).toBeGreaterThanOrEqual(seen === 0 ? 0 : 1);
});
