import { type Db, MongoClient, type MongoClientOptions } from 'mongodb';
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import { type Mongo, startMongo } from '../index.ts';

/** What the tests of one file run against: whichever engine WORKSHOP_MONGO says, started once, with a database of its own for every test. */
export interface Engine {
  readonly kind: Mongo['kind'];
  readonly uri: string;
  readonly client: MongoClient;
  readonly db: Db;
}

/** Nothing here waits for time to pass, so a limit only ends what hangs: far above what a busy machine needs. */
const LIMIT = 120_000;

/** Call it at the top of a test file. What it returns is filled while the tests run. */
export function onEngine(options: MongoClientOptions = {}): Engine {
  const engine = {} as { -readonly [key in keyof Engine]: Engine[key] };
  let mongo: Mongo;
  let tests = 0;
  vi.setConfig({ testTimeout: LIMIT });
  beforeAll(async () => {
    mongo = await startMongo();
    const client = await MongoClient.connect(mongo.uri, options);
    Object.assign(engine, { kind: mongo.kind, uri: mongo.uri, client });
  }, LIMIT);
  beforeEach(() => {
    tests++;
    engine.db = engine.client.db(`contract${tests}`);
  });
  afterAll(async () => {
    await engine.client?.close();
    await mongo?.stop();
  }, LIMIT);
  return engine;
}
