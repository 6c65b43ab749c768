import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { vi } from 'vitest';
import { CheckMongo } from '#grader/check/check-mongo.ts';
import { Stage } from '#grader/check/stage.ts';
import { GradedCopy } from '#grader/graded-copy.ts';
import { ShopPool } from '#grader/shop-process/shop-pool.ts';
import { users } from '#shop/users.ts';
import { findLessons } from '../../scripts/course/lessons.ts';
import { startMongo } from '../../scripts/mongo/index.ts';
import { ROOT } from '../../scripts/shared/paths.ts';
import { FormShopper } from './form-shopper.ts';

// Processes are started, and the machine may be busy with others.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const SHOP = join(ROOT, 'solutions', 'shop');
const FILES = ['sessions.ts', 'store.ts', 'app.ts'];

/** A stage whose shoppers fill in forms as browsers do. */
class ShopStage extends Stage {
  constructor(...args: ConstructorParameters<typeof Stage>) {
    super(...args);
    // No verdict here hangs on how fast this machine is. What is about waiting says so with otherShop().
    Object.assign(this.config, { databaseTimeoutMs: 10_000 });
  }

  override shopper(name: string, shop = this.shop, headers: Readonly<Record<string, string>> = {}) {
    return new FormShopper(name, shop, headers);
  }
}

/** Where the finished shop plays: the stage, the database past its tap, and how to take both down. */
export interface ShopTheatre {
  readonly stage: ShopStage;
  readonly client: MongoClient;
  close(): Promise<void>;
}

/** Sets the finished shop up like any lesson's answer, in a process of its own. The lessons' three users are there. */
export async function openStage(): Promise<ShopTheatre> {
  const [lesson] = findLessons();
  if (!lesson) throw new Error('There are no lessons.');
  const pool = new ShopPool(1);
  const engine = await startMongo();
  const client = new MongoClient(engine.uri);
  const mongo = await CheckMongo.open(engine, client);
  const known = users.map(({ id, email, passwordHash }) => ({ _id: id, email, passwordHash }));
  await client.db('shop').collection<{ _id: string }>('users').insertMany(known);
  const copy = new GradedCopy(lesson, { layers: [SHOP], shownAs: SHOP });
  const stage = new ShopStage(copy, FILES, mongo, () => pool.take());
  return {
    stage,
    client,
    close: async () => {
      await stage.close();
      await mongo.close();
      copy.remove();
      await Promise.all([pool.close(), client.close()]);
      await engine.stop();
    },
  };
}

/** What a customer of a test logs in with. */
export interface Customer {
  readonly email: string;
  readonly password: string;
}

let customers = 0;

/** Somebody who has just signed up, in a browser of their own. */
export async function signsUp({ stage }: ShopTheatre, name: string): Promise<[FormShopper, Customer]> {
  customers += 1;
  const customer = { email: `customer-${customers}@example.com`, password: `the password of ${name}` };
  const shopper = stage.shopper(name);
  const { status } = await shopper.posts('/signup', customer);
  if (status !== 303) throw new Error(`${name} could not sign up: ${status}`);
  return [shopper, customer];
}

/** The same customer in another browser, logged in. */
export async function logsIn({ stage }: ShopTheatre, customer: Customer, name: string): Promise<FormShopper> {
  const shopper = stage.shopper(name);
  await shopper.posts('/login', { ...customer });
  return shopper;
}
