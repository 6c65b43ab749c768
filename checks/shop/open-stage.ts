import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { CheckMongo } from '#grader/check/check-mongo.ts';
import { Stage } from '#grader/check/stage.ts';
import { GradedCopy } from '#grader/graded-copy.ts';
import { ShopPool } from '#grader/shop-process/shop-pool.ts';
import { users } from '#shop/users.ts';
import { findLessons } from '../../scripts/course/lessons.ts';
import { startMongo } from '../../scripts/mongo/index.ts';
import { ROOT } from '../../scripts/shared/paths.ts';
import { FormShopper } from './form-shopper.ts';

// Processes are started in these tests, and the machine may be busy.
const SHOP = join(ROOT, 'solutions', 'shop');
const FILES = ['sessions.ts', 'store.ts', 'app.ts'];

/** A stage whose shoppers send forms as browsers do. */
class ShopStage extends Stage {
  override shopper(name: string, shop = this.shop, headers: Readonly<Record<string, string>> = {}) {
    return new FormShopper(name, shop, headers);
  }
}

/** The running finished shop: the stage, direct access to its database, and a function that closes both. */
export interface ShopTheatre {
  readonly stage: ShopStage;
  readonly client: MongoClient;
  close(): Promise<void>;
}

/** Starts the finished shop as a lesson's answer, in a separate process. It has the lessons' three users. */
export async function openStage(): Promise<ShopTheatre> {
  const [lesson] = findLessons();
  if (!lesson) throw new Error('There are no lessons.');
  const pool = new ShopPool(1);
  const engine = await startMongo(undefined, ROOT, { sweepsItself: false });
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

/** A test customer's login. */
export interface Customer {
  readonly email: string;
  readonly password: string;
}

let customers = 0;

/** A customer who has just signed up, in a new browser. */
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
