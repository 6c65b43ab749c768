import { type Db, MongoClient, type MongoClientOptions } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { type Mongo, startMongo } from '../index.ts';
import { startTwin, type Twin } from './twin.ts';

/**
 * The engine for the tests of one file: the one that WORKSHOP_MONGO names, started once, with a database of its own for every test. When
 * it is mongod, the embedded engine gets every command as well, and must answer alike.
 */
export interface Engine {
  readonly kind: Mongo['kind'];
  readonly uri: string;
  readonly client: MongoClient;
  readonly db: Db;
}

/** In milliseconds. It only ends tests that hang: far above what a busy machine needs. */
const LIMIT = 120_000;

/** Call it at the top of a test file. What it returns is filled while the tests run. `alone` leaves the comparison out. */
export function onEngine(options: MongoClientOptions = {}, { alone = false } = {}): Engine {
  const engine = {} as { -readonly [key in keyof Engine]: Engine[key] };
  let mongo: Mongo;
  let other: Mongo | undefined;
  let twin: Twin | undefined;
  let tests = 0;
  vi.setConfig({ testTimeout: LIMIT });
  beforeAll(async () => {
    mongo = await startMongo();
    const client = await MongoClient.connect(mongo.uri, { ...options, monitorCommands: true });
    Object.assign(engine, { kind: mongo.kind, uri: mongo.uri, client });
    if (mongo.kind === 'embedded' || alone) return;
    other = await startMongo('embedded');
    twin = await startTwin(client, other.uri);
  }, LIMIT);
  beforeEach(() => {
    tests++;
    engine.db = engine.client.db(`contract${tests}`);
  });
  afterEach(() => twin?.compare());
  afterAll(async () => {
    await twin?.stop();
    await other?.stop();
    await engine.client?.close();
    await mongo?.stop();
  }, LIMIT);
  return engine;
}
