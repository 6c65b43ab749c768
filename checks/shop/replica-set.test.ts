import { MongoClient } from 'mongodb';
import { MongoMemoryReplSet } from 'mongodb-memory-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningShop } from '#grader/check/running-shop.ts';
import { findMongod } from '../../scripts/mongo/find-mongod.ts';
import { versionOf } from '../../scripts/mongo/mongod.ts';
import type { FormShopper } from './form-shopper.ts';
import { openStage, type ShopTheatre } from './open-stage.ts';

let theatre: ShopTheatre;
beforeAll(async () => {
  theatre = await openStage();
});
afterAll(() => theatre.close());

/** The finished shop with only another connection string, and a customer with a mug in the cart. */
async function openWithCustomer(mongodbUri: string): Promise<{ shop: RunningShop; ann: FormShopper }> {
  const shop = theatre.stage.otherShop({ mongodbUri });
  const ann = theatre.stage.shopper('Ann', shop);
  expect(
    (await ann.posts('/signup', { email: 'ann@example.com', password: 'mugs are for tea' })).status,
  ).toBe(303);
  expect((await ann.posts('/cart', { product: 'mug' })).status).toBe(303);
  return { shop, ann };
}

async function hasMugAndIsLoggedIn(ann: FormShopper): Promise<void> {
  expect((await ann.visits('/cart')).body).toMatch(/mug/i);
  expect((await ann.visits('/account')).body).toContain('ann@example.com');
}

it('writes as to a replica set when its database is a member of one', async () => {
  const { mongo } = theatre.stage;
  mongo.tap.asReplicaSetMember();
  const uri = new URL(mongo.uri);
  uri.searchParams.delete('directConnection');
  uri.searchParams.set('replicaSet', 'rs0');
  const { shop, ann } = await openWithCustomer(uri.href);
  // With this number the driver may send the write again, to the next primary.
  expect(mongo.tap.commands('update').at(-1)?.body).toHaveProperty('txnNumber');
  mongo.tap.dropAt('update');
  expect((await ann.posts('/cart', { product: 'mug' })).status).toBe(303);
  await shop.restart();
  await hasMugAndIsLoggedIn(ann);
  await mongo.tap.behave();
});

const mongod = await findMongod();
// Not every machine has a mongod. The CI job that downloads one sets WORKSHOP_MONGO, and requires it.
const isHere = mongod !== undefined || process.env.WORKSHOP_MONGO === 'mongod';

if (isHere)
  describe('on a replica set of three mongods', () => {
    let replicaSet: MongoMemoryReplSet;
    beforeAll(async () => {
      replicaSet = await MongoMemoryReplSet.create({
        binary: { systemBinary: mongod ?? '', version: await versionOf(mongod ?? '') },
        replSet: { count: 3, name: 'rs0', storageEngine: 'wiredTiger' },
      });
    });
    afterAll(() => replicaSet?.stop());

    it('keeps what it said yes to when another member becomes the primary', async () => {
      const uri = replicaSet.getUri('shop');
      const { shop, ann } = await openWithCustomer(uri);
      const { pid } = shop;

      const client = await MongoClient.connect(uri);
      const primary = async () => (await client.db('admin').command({ hello: 1 })).primary as string;
      const before = await primary();
      await client.db('admin').command({ replSetStepDown: 60, secondaryCatchUpPeriodSecs: 10 });
      // Until a primary is elected, the shop may answer 503, and nothing else.
      const statuses = new Set<number>();
      await expect
        .poll(
          async () => {
            const { status } = await ann.asks('/cart', await ann.fills('/cart', { product: 'mug' }));
            statuses.add(status);
            return status;
          },
          { timeout: 90_000 },
        )
        .toBe(303);
      expect([...statuses].filter((status) => ![303, 503].includes(status))).toEqual([]);
      expect(await primary()).not.toBe(before);
      await client.close();

      await hasMugAndIsLoggedIn(ann);
      expect(shop.pid).toBe(pid);
    });
  });
