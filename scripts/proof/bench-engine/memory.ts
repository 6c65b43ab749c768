import { MongoClient } from 'mongodb';
import { startEmbedded } from '../../engine/server.ts';
import { runScript, WITH_TSX } from '../../shared/with-tsx.ts';
import type { Figure } from './figure.ts';
import { sessionDocument } from './session.ts';

const COUNT = 100_000;

interface Memory {
  readonly used: number;
  readonly bson: number;
}

/** The memory of COUNT sessions, against their BSON: in a process of its own, where garbage is collected on demand. */
export async function measureMemory(): Promise<Figure[]> {
  const script = `
    const { fill } = await import(${JSON.stringify(import.meta.url)});
    process.stdout.write(JSON.stringify(await fill()));`;
  const { used, bson }: Memory = JSON.parse(await runScript(script, [...WITH_TSX, '--expose-gc']));
  return [
    {
      name: '100,000 sessions in memory / their BSON',
      value: used / bson,
      unit: 'times',
      limit: 1.4,
      detail: `${megabytes(used)} / ${megabytes(bson)}`,
    },
  ];
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Runs in the other process: fills an engine over the driver and returns the memory that this took, with the driver's. */
export async function fill(): Promise<Memory> {
  const mongo = await startEmbedded();
  const client = await MongoClient.connect(mongo.uri);
  const sessions = client.db('shop').collection<{ _id: string }>('sessions');
  await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
  const insert = async (from: number, count: number) => {
    await sessions.insertMany(Array.from({ length: count }, (_, i) => sessionDocument(from + i)));
  };
  await insert(COUNT, 1000);
  const before = inUse();
  for (let from = 0; from < COUNT; from += 1000) await insert(from, 1000);
  const used = inUse() - before;
  const { dataSize } = await client.db('shop').stats();
  await client.close();
  await mongo.stop();
  return { used, bson: (Number(dataSize) * COUNT) / (COUNT + 1000) };
}

function inUse(): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('run it with --expose-gc');
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
