import { MongoClient } from 'mongodb';
import { startEmbedded } from '../../engine/server.ts';
import { inTurns, median, ratio } from '../../shared/measure.ts';
import { type Figure, show } from './figure.ts';
import { startStub } from './stub.ts';

/** From nothing to the first answered ping, against the driver's time for that with the stub, which listens already. */
export async function measureStart(): Promise<Figure[]> {
  const stub = await startStub();
  const leftovers: (() => Promise<unknown>)[] = [];
  const engine = async () => {
    const mongo = await startEmbedded();
    const client = await MongoClient.connect(mongo.uri);
    await client.db('admin').command({ ping: 1 });
    leftovers.push(async () => {
      await client.close();
      await mongo.stop();
    });
  };
  const greeting = async () => {
    const client = await MongoClient.connect(stub.uri);
    await client.db('admin').command({ ping: 1 });
    leftovers.push(() => client.close());
  };
  const [started = [], greeted = []] = await inTurns([engine, greeting], 20);
  for (const close of leftovers) await close();
  await stub.stop();
  return [
    {
      name: 'start to first ping / first ping to the stub',
      value: ratio(started, greeted),
      unit: 'times',
      limit: 1.5,
      detail: `${show(median(started), 'ms')} / ${show(median(greeted), 'ms')}`,
    },
  ];
}
