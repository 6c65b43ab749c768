import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { ShopConfig } from '#shop/config.ts';
import { startMongo } from '../../mongo/index.ts';
import { ROOT } from '../paths.ts';

/** The database of a shop that a person uses: the one in `.env`, else one in memory. */
export interface Database {
  readonly config: ShopConfig;
  /** What and where it is, without its password. */
  readonly words: string;
  close(): Promise<void>;
}

/** @throws EngineError when there is none in `.env` and none can be started */
export async function openDatabase(root = ROOT): Promise<Database> {
  const file = join(root, '.env');
  const env = { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...process.env };
  // Without one in .env the secret lasts as long as this run: the shop may restart, and its cookies stay good.
  const sessionSecret = env.SESSION_SECRET || randomBytes(32).toString('hex');
  if (env.MONGODB_URI) {
    const config = { mongodbUri: env.MONGODB_URI, sessionSecret };
    return { config, words: 'MONGODB_URI from your .env', close: async () => {} };
  }
  const mongo = await startMongo();
  return {
    config: { mongodbUri: `${mongo.uri}shop`, sessionSecret },
    words: `${mongo.uri}shop   ${mongo.kind} ${mongo.version}, in memory`,
    close: () => mongo.stop(),
  };
}
