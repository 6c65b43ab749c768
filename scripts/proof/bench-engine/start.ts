import { once } from 'node:events';
import { connect } from 'node:net';
import { MongoClient } from 'mongodb';
import { startEmbedded } from '../../engine/server.ts';
import { inTurns, median, ratio } from '../../shared/measure.ts';
import { type Figure, show } from './figure.ts';
import { startStub } from './stub.ts';

/** From nothing to the first answered ping, against a TCP connection and a driver's handshake with the stub. */
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
  const handshake = async () => {
    const socket = connect(Number(new URL(stub.uri).port), '127.0.0.1');
    await once(socket, 'connect');
    const client = await MongoClient.connect(stub.uri);
    leftovers.push(async () => {
      socket.destroy();
      await client.close();
    });
  };
  const [started = [], greeted = []] = await inTurns([engine, handshake], 20);
  for (const close of leftovers) await close();
  await stub.stop();
  return [
    {
      name: 'start to first ping / TCP connect and driver handshake',
      value: ratio(started, greeted),
      unit: 'times',
      limit: 3,
      detail: `${show(median(started), 'ms')} / ${show(median(greeted), 'ms')}`,
    },
  ];
}
