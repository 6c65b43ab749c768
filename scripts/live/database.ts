import { randomBytes } from 'node:crypto';
import type { Environment, ShopConfig } from '#shop/config.ts';
import { type Mongo, startMongo } from '../mongo/index.ts';
import { remarksOnEnvFile, shopEnvironment } from '../shared/environment.ts';
import { ROOT } from '../shared/paths.ts';

/** The database of a shop that a person uses: the one in `.env`, else one in memory. */
export interface Database {
  readonly config: ShopConfig;
  /** The variables that a shop gets which reads its config itself. */
  readonly env: Environment;
  /** The one in memory; undefined when `.env` names another. */
  readonly mongo: Mongo | undefined;
  /** What and where it is, without its password. */
  readonly words: string;
  close(): Promise<void>;
}

/** @throws EngineError when there is none in `.env` and none can be started */
export async function openDatabase(root = ROOT): Promise<Database> {
  const env = shopEnvironment(root);
  // Without one in .env the secret lasts as long as this run: the shop may restart, and its cookies stay good.
  const sessionSecret = env.SESSION_SECRET || randomBytes(32).toString('hex');
  if (env.MONGODB_URI) {
    const config = { mongodbUri: env.MONGODB_URI, sessionSecret };
    const words = 'MONGODB_URI from your .env';
    return {
      config,
      env: { ...env, SESSION_SECRET: sessionSecret },
      mongo: undefined,
      words,
      close: async () => {},
    };
  }
  const mongo = await startMongo();
  const mongodbUri = `${mongo.uri}shop`;
  const [passedOver] = remarksOnEnvFile(root);
  const inMemory = `${mongodbUri}   ${mongo.kind} ${mongo.version}, in memory${passedOver ? `: ${passedOver.words}` : ''}`;
  // A shop that reads the parts of one shall not find a whole one beside them.
  const uri = env.MONGODB_HOST ? {} : { MONGODB_URI: mongodbUri };
  return {
    config: { mongodbUri, sessionSecret },
    env: { ...env, ...uri, SESSION_SECRET: sessionSecret },
    mongo,
    words: env.MONGODB_HOST
      ? `MONGODB_HOST from your .env, where the lesson reads it; else ${inMemory}`
      : inMemory,
    close: () => mongo.stop(),
  };
}
