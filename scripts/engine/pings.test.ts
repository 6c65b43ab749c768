import { BSON, type Document } from 'bson';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { longestWait, messageOf, RawClient } from './fixtures/raw-client.ts';
import { type EmbeddedMongo, startEmbedded } from './server.ts';

// A client sends pings beside another one's long commands, over the network. Their waits are measured in processor time.

const COUNT = 40_000;
/** In milliseconds. A turn is 5; the rest is garbage collection, and a machine whose cores are shared. */
const LIMIT = 80;

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const user = (i: number) => `user ${(i * 7919) % COUNT}`;
const sessions = many(COUNT, (i) => ({ _id: i, user: user(i), n: i, list: [i, i + 1] }));
const insert = (documents: Document[], more: Document = {}) =>
  messageOf({ insert: 'shop', ...more }, { documents });
const pipeline = (...stages: Document[]) => messageOf({ aggregate: 'shop', pipeline: stages, cursor: {} });
const index = (i: number) => ({ key: { user: 1, [`f${i}`]: 1 }, name: `user_${i}`, unique: true });

const nothing = () => insert([{ _id: -1 }]);
const filled = () => insert(sessions);
const few = () => insert(sessions.slice(0, 2000));
const large = () => insert([{ _id: 1, x: 1, list: many(150_000, (i) => i) }]);
const indexed = () => messageOf({ createIndexes: 'shop', indexes: many(60, index) });

let mongo: EmbeddedMongo;
let client: RawClient;
beforeEach(async () => {
  mongo = await startEmbedded();
  client = await RawClient.connect(mongo.uri);
});
afterEach(async () => {
  client.close();
  await mongo.stop();
});

const deep = many(150, (i) => i).reduce<Document>((inner) => ({ inner }), {});
const byId = (i: number) => ({ q: { _id: i }, u: { $set: { n: -i } } });

test.each<[string, readonly (() => Buffer)[], () => Buffer, Document]>([
  ['an insert', [nothing], () => messageOf({ insert: 'shop', documents: sessions }), { n: COUNT }],
  ['an insert beside its body', [nothing], filled, { n: COUNT }],
  ['an insert of nothing but duplicates', [filled], () => insert(sessions, { ordered: false }), { n: 0 }],
  ['an insert of a large document', [nothing], large, { n: 1 }],
  ['an insert of very deep documents', [nothing], () => insert(many(2000, () => ({ deep }))), { n: 2000 }],
  ['an insert into many indexes', [indexed], few, { n: 2000 }],
  [
    'updates by _id',
    [filled],
    () => messageOf({ update: 'shop' }, { updates: many(COUNT, byId) }),
    { n: COUNT },
  ],
  [
    'an update of all',
    [filled],
    () => messageOf({ update: 'shop', updates: [{ q: {}, u: { $inc: { n: 1 } }, multi: true }] }),
    { n: COUNT },
  ],
  [
    'deletes by _id',
    [filled],
    () => messageOf({ delete: 'shop' }, { deletes: many(COUNT, (i) => ({ q: { _id: i }, limit: 1 })) }),
    { n: COUNT },
  ],
  [
    'a delete of all',
    [filled],
    () => messageOf({ delete: 'shop', deletes: [{ q: {}, limit: 0 }] }),
    { n: COUNT },
  ],
  ['a find in a large document', [large], () => messageOf({ find: 'shop', filter: { x: 2 } }), {}],
  [
    'a find by many _ids',
    [filled],
    () => messageOf({ find: 'shop', filter: { _id: { $in: many(COUNT, (i) => i) } } }),
    {},
  ],
  [
    'a find of many values',
    [few],
    () => messageOf({ find: 'shop', filter: { user: { $in: many(20_000, String) } } }),
    {},
  ],
  ['a batch of very many documents', [filled], () => messageOf({ find: 'shop', batchSize: COUNT }), {}],
  ['an unwind of a large document', [large], () => pipeline({ $unwind: '$list' }, { $count: 'n' }), {}],
  ['groups', [filled], () => pipeline({ $group: { _id: '$user', all: { $push: '$n' } } }), {}],
  ['a sort of what was unwound', [filled], () => pipeline({ $unwind: '$list' }, { $sort: { user: -1 } }), {}],
  [
    'a join',
    [few],
    () => pipeline({ $lookup: { from: 'shop', localField: 'n', foreignField: '_id', as: 'same' } }),
    {},
  ],
  ['distinct values', [filled], () => messageOf({ distinct: 'shop', key: 'user' }), {}],
  [
    'new indexes',
    [few],
    () => messageOf({ createIndexes: 'shop', indexes: many(20, index) }),
    { numIndexesAfter: 21 },
  ],
  ['statistics of many indexes', [indexed, few], () => messageOf({ dbStats: 1 }), { indexes: 61 }],
  ['a drop', [filled], () => messageOf({ drop: 'shop' }), {}],
  [
    'ends of sessions',
    [nothing],
    () => messageOf({ endSessions: many(20_000, () => ({ id: new BSON.UUID() })) }),
    {},
  ],
])('%s keeps no ping waiting', async (_what, before, command, answer) => {
  for (const make of before) await client.send(make());
  const bytes = command();
  let reply = (): Document => ({});
  const wait = await longestWait(mongo.uri, async () => {
    reply = await client.send(bytes);
  });
  expect(reply()).toMatchObject({ ...answer, ok: 1 });
  expect(wait).toBeLessThan(LIMIT);
});

test.each([
  ['pings', () => messageOf({ ping: 1 })],
  ['inserts', (i: number) => messageOf({ insert: 'shop', documents: [{ _id: i }] })],
  ['new collections', (i: number) => messageOf({ create: `shop${i}` })],
])('10,000 %s sent at once keep no ping waiting, and are answered in their order', async (_what, command) => {
  const bytes = Buffer.concat([
    ...many(10_000, command),
    messageOf({ listCollections: 1, cursor: { batchSize: 20_000 } }),
  ]);
  let reply = (): Document => ({});
  const wait = await longestWait(mongo.uri, async () => {
    reply = await client.send(bytes, 10_001);
  });
  expect(reply()).toMatchObject({ cursor: { ns: 'shop.$cmd.listCollections' }, ok: 1 });
  expect(wait).toBeLessThan(LIMIT);
});
