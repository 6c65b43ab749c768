import { type Collection, type Document, MongoClient } from 'mongodb';
import { startEmbedded } from '../../engine/server.ts';
import { startTap } from '../../mongo/tap.ts';
import { inTurns, median, ratio } from '../../shared/measure.ts';
import { type Figure, show } from './figure.ts';
import { sessionDocument } from './session.ts';
import { startStub } from './stub.ts';

const ROUNDS = 40;
const EACH = 25;
const LIMITS = { find: 1.5, update: 1.8 };

type Sessions = Collection<Document & { _id: string }>;
const sessionsOf = (client: MongoClient): Sessions => client.db('shop').collection('sessions');

const find = async (sessions: Sessions) => {
  for (let i = 0; i < EACH; i++) await sessions.findOne({ _id: sessionDocument(i)._id });
};
/** The command of the store at every save. */
const update = async (sessions: Sessions) => {
  for (let i = 0; i < EACH; i++) {
    const $set = sessionDocument(i);
    await sessions.updateOne({ _id: $set._id }, { $set }, { upsert: true });
  }
};

/** A running server and a client that has inserted `count` sessions into it. */
async function open(start: () => Promise<{ uri: string; stop(): Promise<void> }>, count: number) {
  const server = await start();
  const client = await MongoClient.connect(server.uri);
  const sessions = sessionsOf(client);
  if (count > 0) await sessions.createIndex({ expires: 1 }, { expireAfterSeconds: 0 });
  for (let from = 0; from < count; from += 1000) {
    await sessions.insertMany(Array.from({ length: 1000 }, (_, i) => sessionDocument(from + i)));
  }
  const close = async () => {
    await client.close();
    await server.stop();
  };
  return { uri: server.uri, sessions, close };
}

/** Finds and updates by `_id` against the stub's round trip, with few and many documents, and what the wire tap adds. */
export async function measureRoundTrips(): Promise<Figure[]> {
  const stub = await open(startStub, 0);
  const few = await open(startEmbedded, 1000);
  const many = await open(startEmbedded, 100_000);
  const tapped = await open(() => startTap(few.uri), 0);
  const figures: Figure[] = [];
  for (const [name, work] of [
    ['find', find],
    ['update', update],
  ] as const) {
    const works = [stub, few, many, tapped].map(
      ({ sessions }) =>
        () =>
          work(sessions),
    );
    const times = await inTurns(works, ROUNDS);
    const [onStub = [], onFew = [], onMany = [], onTapped = []] = times.map((rounds) =>
      rounds.map((ms) => ms / EACH),
    );
    figures.push(
      { ...against(`_id ${name} among 1,000 / stub`, onFew, onStub), limit: LIMITS[name] },
      { ...against(`_id ${name} among 100,000 / stub`, onMany, onStub), limit: LIMITS[name] },
      { ...against(`_id ${name} among 100,000 / among 1,000`, onMany, onFew), limit: 1.3 },
      added(`_id ${name}, added by the wire tap`, onTapped, onFew),
    );
  }
  for (const one of [tapped, many, few, stub]) await one.close();
  return figures;
}

const against = (name: string, times: number[], others: number[]): Figure => ({
  name,
  value: ratio(times, others),
  unit: 'times',
  detail: `${show(median(times), 'ms')} / ${show(median(others), 'ms')}`,
});

const added = (name: string, times: number[], others: number[]): Figure => ({
  name,
  value: median(times.map((time, round) => time - (others[round] ?? Number.NaN))),
  unit: 'ms',
  limit: 1,
  detail: `${show(median(times), 'ms')} - ${show(median(others), 'ms')}`,
});
