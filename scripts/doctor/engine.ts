import { MongoClient } from 'mongodb';
import { failedLately } from '../mongo/download-memory.ts';
import { megabytes } from '../mongo/download-progress.ts';
import { findMongod } from '../mongo/find-mongod.ts';
import { EngineError, startMongo } from '../mongo/index.ts';
import { downloadsSwitchedOff } from '../mongo/may-download.ts';
import { Unavailable } from '../mongo/probe.ts';
import { type Finding, fault, good, note, warning } from './finding.ts';

/** Starts the engine that a check would use, without downloading one. When there is no mongod, asks whether one could be downloaded. */
export async function examineEngine(root: string, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const found = await findMongod();
  const asked = env.WORKSHOP_MONGO || 'auto';
  const wanting = found === undefined && asked !== 'embedded';
  const download = wanting ? await examineDownload(root, env) : [];
  if (wanting && asked === 'mongod') {
    const words = 'WORKSHOP_MONGO=mongod, and there is no mongod on this machine yet';
    return [warning('engine', 'engine', words), ...download];
  }
  return [await started(wanting && asked === 'auto'), ...download];
}

/** @param instead start the embedded engine, where `auto` might begin to download */
async function started(instead: boolean): Promise<Finding> {
  try {
    const begun = performance.now();
    const mongo = await startMongo(instead ? 'embedded' : undefined);
    try {
      await new MongoClient(mongo.uri).connect().then((client) => client.close());
    } finally {
      await mongo.stop();
    }
    if (mongo.note) return warning('engine', 'engine', mongo.note);
    const ms = Math.round(performance.now() - begun);
    return good('engine', 'engine', `${mongo.kind} ${mongo.version} answers after ${ms} ms`);
  } catch (error) {
    if (error instanceof EngineError) return fault('engine', 'engine', error.message);
    throw error;
  }
}

/** These findings are never faults: without a mongod the embedded engine is used. */
async function examineDownload(root: string, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const tell = (words: string) => [note('download', 'mongod', words)];
  if (downloadsSwitchedOff(env))
    return tell('not on this machine; MONGOMS_RUNTIME_DOWNLOAD forbids to download it');
  const later = failedLately(root) ? ', after a failure today only by npm run mongod' : '';
  // Imported when needed: mongodb-memory-server takes a quarter of a second.
  const { askForMongod } = await import('./ask-for-mongod.ts');
  try {
    const { host, bytes } = await askForMongod(root);
    const size = bytes === undefined ? '' : ` (${megabytes(bytes)})`;
    return tell(`not on this machine; it can be had from ${host}${size}${later}`);
  } catch (error) {
    return tell(
      `not on this machine; ${error instanceof Unavailable ? error.message : 'none is made for this system'}`,
    );
  }
}
