import { ROOT } from '../shared/paths.ts';
import { DownloadFailed, EngineError } from './engine-error.ts';
import { findMongod } from './find-mongod.ts';
import { mayDownload } from './may-download.ts';
import type { EngineChoice, Mongo } from './types.ts';

export type { EngineChoice, EngineKind, Mongo } from './types.ts';
export { EngineError };

const CHOICES: readonly EngineChoice[] = ['auto', 'mongod', 'embedded'];

/** What WORKSHOP_MONGO asks for. @throws {EngineError} for any other word */
function choiceFromEnvironment(): EngineChoice {
  const asked = process.env.WORKSHOP_MONGO || 'auto';
  const choice = CHOICES.find((known) => known === asked);
  if (choice !== undefined) return choice;
  throw new EngineError(`WORKSHOP_MONGO is '${asked}'. It can be auto, mongod or embedded.`);
}

/**
 * Starts an empty in-memory Mongo on a free port of 127.0.0.1. Without a choice WORKSHOP_MONGO decides.
 * `mongod` downloads one where there is none; `auto` only when `mayDownload` allows it, and a failure is remembered under `root`.
 * @param options sweepsItself: false leaves expired documents to `sweep`, for checks that set the time
 * @throws {EngineError} when the engine cannot start
 */
export async function startMongo(
  choice: EngineChoice = choiceFromEnvironment(),
  root = ROOT,
  { sweepsItself = true } = {},
): Promise<Mongo> {
  if (choice === 'embedded') return startEngine(sweepsItself);
  const found = await findMongod();
  if (choice === 'auto' && found === undefined && !mayDownload(root)) return startEngine(sweepsItself);
  try {
    return await startReal(found, root, sweepsItself);
  } catch (error) {
    if (choice === 'mongod' || !(error instanceof EngineError)) throw error;
    return { ...(await startEngine(sweepsItself)), note: noteOn(error) };
  }
}

/** Imported when needed: mongodb-memory-server takes a quarter of a second. */
async function startReal(found: string | undefined, root: string, sweepsItself: boolean): Promise<Mongo> {
  const path = found ?? (await (await import('./download.ts')).fetchMongod(root));
  const { startMongod } = await import('./mongod.ts');
  return startMongod(path, sweepsItself);
}

function noteOn(error: EngineError): string {
  const why =
    error instanceof DownloadFailed
      ? `${error.reason}. It is tried again in a day, or by npm run mongod.`
      : error.message;
  return `Not on mongod but on the embedded engine: ${why}`;
}

async function startEngine(sweepsItself: boolean): Promise<Mongo> {
  const { startEmbedded } = await import('../engine/server.ts');
  return startEmbedded({ sweepsItself });
}
