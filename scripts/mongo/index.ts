import { EngineError } from './engine-error.ts';
import { findMongod } from './find-mongod.ts';

export { EngineError };

/** `mongod` is the real server, `embedded` the one inside this process. */
export type EngineKind = 'mongod' | 'embedded';
/** `auto` takes mongod when one is on the machine, else the embedded engine. */
export type EngineChoice = EngineKind | 'auto';

/** A running, empty in-memory Mongo. */
export interface Mongo {
  readonly kind: EngineKind;
  /** The server's version, such as 8.2.6; for `embedded` the one whose behaviour it follows. */
  readonly version: string;
  /** mongodb://127.0.0.1:PORT/, without a database. */
  readonly uri: string;
  /** One sentence when `auto` had to do without a mongod that is there. */
  readonly note?: string;
  /** Ends it and leaves nothing behind. */
  stop(): Promise<void>;
}

const CHOICES: readonly EngineChoice[] = ['auto', 'mongod', 'embedded'];

/** What WORKSHOP_MONGO asks for. @throws {EngineError} for another word than the three */
function choiceFromEnvironment(): EngineChoice {
  const asked = process.env.WORKSHOP_MONGO || 'auto';
  const choice = CHOICES.find((known) => known === asked);
  if (choice !== undefined) return choice;
  throw new EngineError(`WORKSHOP_MONGO is '${asked}'. It can be auto, mongod or embedded.`);
}

/**
 * Starts an empty in-memory Mongo on a free port of 127.0.0.1. Without a choice WORKSHOP_MONGO decides.
 * `mongod` may download one; `auto` never does.
 * @throws {EngineError} when the engine cannot start
 */
export async function startMongo(choice: EngineChoice = choiceFromEnvironment()): Promise<Mongo> {
  if (choice === 'embedded') return startEngine();
  const binary = await findMongod();
  if (binary === undefined && choice === 'auto') return startEngine();
  // Imported when needed: it brings mongodb-memory-server along, a quarter of a second.
  const { startMongod } = await import('./mongod.ts');
  if (choice === 'mongod') return startMongod(binary);
  try {
    return await startMongod(binary);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...(await startEngine()), note: `Not on mongod but on the embedded engine: ${error.message}` };
  }
}

async function startEngine(): Promise<Mongo> {
  const { startEmbedded } = await import('./embedded/server.ts');
  return startEmbedded();
}
