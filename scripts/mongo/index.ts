import { ROOT } from '../shared/paths.ts';
import { DownloadFailed, EngineError } from './engine-error.ts';
import { findMongod } from './find-mongod.ts';
import { mayDownload } from './may-download.ts';

export { EngineError };

/** `mongod` is the real server, `embedded` the one inside this process. */
export type EngineKind = 'mongod' | 'embedded';
/** `auto` takes mongod when one is on the machine or can be downloaded before somebody's eyes, else the embedded engine. */
export type EngineChoice = EngineKind | 'auto';

/** A running, empty in-memory Mongo. */
export interface Mongo {
  readonly kind: EngineKind;
  /** The server's version, such as 8.2.6; for `embedded` the one whose behaviour it follows. */
  readonly version: string;
  /** mongodb://127.0.0.1:PORT/, without a database. */
  readonly uri: string;
  /** One line when `auto` wanted a mongod and could not have it. */
  readonly note?: string;
  /** Removes now what its TTL indexes would have removed by `now`: no check sleeps. @returns how many documents of `shop` went */
  sweep(now: Date): Promise<number>;
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
 * `mongod` downloads one where there is none; `auto` only as `mayDownload` says, and a failed attempt is remembered under `root`.
 * @throws {EngineError} when the engine cannot start
 */
export async function startMongo(
  choice: EngineChoice = choiceFromEnvironment(),
  root = ROOT,
): Promise<Mongo> {
  if (choice === 'embedded') return startEngine();
  const found = await findMongod();
  if (choice === 'auto' && found === undefined && !mayDownload(root)) return startEngine();
  try {
    return await startReal(found, root);
  } catch (error) {
    if (choice === 'mongod' || !(error instanceof EngineError)) throw error;
    return { ...(await startEngine()), note: noteOn(error) };
  }
}

/** Imports when needed: mongodb-memory-server takes a quarter of a second. */
async function startReal(found: string | undefined, root: string): Promise<Mongo> {
  const path = found ?? (await (await import('./download.ts')).fetchMongod(root));
  const { startMongod } = await import('./mongod.ts');
  return startMongod(path);
}

function noteOn(error: EngineError): string {
  const why =
    error instanceof DownloadFailed
      ? `${error.reason}. It is tried again in a day, or by npm run mongod.`
      : error.message;
  return `Not on mongod but on the embedded engine: ${why}`;
}

async function startEngine(): Promise<Mongo> {
  const { startEmbedded } = await import('../engine/server.ts');
  return startEmbedded();
}
