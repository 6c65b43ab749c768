import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Opening } from '#grader/check/check.ts';
import { type Mongo, startMongo } from '../../scripts/mongo/index.ts';
import { openSwitches } from './switches.ts';

let mongo: Mongo;
let opening: Opening;
beforeAll(async () => {
  mongo = await startMongo();
  opening = await openSwitches(mongo.uri);
});
afterAll(async () => {
  await opening.close();
  await mongo.stop();
});

it('takes the database away, and brings it back', async () => {
  const switches = opening.say?.[0]?.match(/http:\S+/)?.[0] ?? '';
  const turn = async (position: string) => {
    const page = await fetch(switches, { method: 'POST', body: new URLSearchParams({ position }) });
    return (await page.text()).match(/role="status">([^<]*)/)?.[1];
  };
  const isThere = async () => {
    const waits = { serverSelectionTimeoutMS: 500, connectTimeoutMS: 500, socketTimeoutMS: 500 };
    const client = new MongoClient(opening.config?.mongodbUri ?? '', waits);
    const found = await client
      .db()
      .command({ ping: 1 })
      .then(
        () => true,
        () => false,
      );
    await client.close();
    return found;
  };

  expect(await turn('refuse')).toMatch(/^It is down/);
  expect(await isThere()).toBe(false);
  expect(await turn('hang')).toMatch(/^It is silent/);
  expect(await isThere()).toBe(false);
  expect(await turn('constructor')).toMatch(/^It is silent/);
  expect(await turn('behave')).toMatch(/^It is there/);
  await expect.poll(isThere, { timeout: 10_000 }).toBe(true);
});
