import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment, ShopConfig } from '#shop/config.ts';
import type { Lesson } from '../course/lessons.ts';
import { type Mongo, startMongo } from '../mongo/index.ts';
import { remarksOnEnvFile, shopEnvironment } from '../shared/environment.ts';
import { ROOT } from '../shared/paths.ts';

/** The database of a shop that a person uses: the one in `.env`, else one in memory. */
export interface Database {
  readonly config: ShopConfig;
  /** The variables for a shop that reads its config itself. */
  readonly env: Environment;
  /** The in-memory Mongo; undefined when `.env` names another. */
  readonly mongo: Mongo | undefined;
  /** What and where it is, without its password. */
  readonly words: string;
  close(): Promise<void>;
}

/**
 * Opens the database for a lesson.
 * @throws EngineError when there is none in `.env` and none can be started
 */
export async function openDatabase(lesson: Pick<Lesson, 'dir'>, root = ROOT): Promise<Database> {
  const env = shopEnvironment(root);
  // Without a secret in .env, one for this run: when the shop restarts, its cookies stay valid.
  const sessionSecret = env.SESSION_SECRET || randomBytes(32).toString('hex');
  if (env.MONGODB_URI) {
    const config = { mongodbUri: env.MONGODB_URI, sessionSecret };
    const words = 'MONGODB_URI, from .env or your environment';
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
  // A shop that reads the parts of a connection string must not find a whole one beside them.
  const uri = env.MONGODB_HOST ? {} : { MONGODB_URI: mongodbUri };
  return {
    config: { mongodbUri, sessionSecret },
    env: { ...env, ...uri, SESSION_SECRET: sessionSecret },
    mongo,
    words:
      env.MONGODB_HOST && readsVariables(lesson) ? 'MONGODB_HOST, from .env or your environment' : inMemory,
    close: () => mongo.stop(),
  };
}

/** Whether the lesson's shop reads its config from variables. Only then do the parts of a connection string count. */
function readsVariables({ dir }: Pick<Lesson, 'dir'>): boolean {
  const app = join(dir, 'app.ts');
  return existsSync(app) && /\breadConfig\b/.test(readFileSync(app, 'utf8'));
}
