import { BSON, type Document, MongoClient } from 'mongodb';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EmbeddedOptions, startEmbedded } from '../engine/server.ts';
import { parse } from '../engine/wire.ts';
import { Gateway } from './gateway.ts';
import { message } from './test-support.ts';

async function start({ mayWrite = true, login = '', ...options }: Partial<Settings> = {}) {
  const mongo = await startEmbedded(options);
  const uri = mongo.uri.replace('//', `//${login}`);
  const onLost = vi.fn();
  const redact = (text: string) => text.replaceAll('s3cret', '***');
  const gateway = await Gateway.open(uri, { mayWrite, redact, onLost }).catch(async (error) => {
    await mongo.stop();
    throw error;
  });
  onTestFinished(async () => {
    await gateway.close();
    await mongo.stop();
  });
  const ask = async (command: Document): Promise<Document> => {
    const answer = await gateway.answer(parse(message({ ...command, $db: 'shop' })));
    return BSON.deserialize(answer, { promoteValues: false });
  };
  return { mongo, uri, ask, onLost };
}

type Settings = EmbeddedOptions & { mayWrite: boolean; login: string };

async function sessionsAt(uri: string) {
  const client = await MongoClient.connect(uri);
  onTestFinished(() => client.close());
  return client.db('shop').collection<{ _id: string; value?: unknown }>('sessions');
}

describe('the gateway', () => {
  it('greets as one server that knows no address and no other member', async () => {
    const { ask } = await start();
    const hello = await ask({ hello: 1, helloOk: true });
    expect(hello).toMatchObject({ isWritablePrimary: true, logicalSessionTimeoutMinutes: expect.anything() });
    expect(Object.keys(hello)).not.toEqual(expect.arrayContaining(['hosts', 'me', 'setName']));
    expect(await ask({ isMaster: 1 })).toEqual(hello);
  });

  it('hands documents over with the types they have', async () => {
    const { ask, uri } = await start();
    const value = {
      int: new BSON.Int32(1),
      double: new BSON.Double(1),
      long: BSON.Long.fromNumber(1),
      date: new Date(0),
      id: new BSON.ObjectId(),
      pattern: new BSON.BSONRegExp('a', 'i'),
    };
    await (await sessionsAt(uri)).insertOne({ _id: 'a', value });
    const { cursor } = await ask({
      find: 'sessions',
      filter: { 'value.int': 1 },
      lsid: { id: 'of Compass' },
    });
    const [found] = cursor.firstBatch;
    expect(found.value.int).toBeInstanceOf(BSON.Int32);
    expect(found.value.double).toBeInstanceOf(BSON.Double);
    expect(found.value.long).toBeInstanceOf(BSON.Long);
    expect(BSON.serialize(found)).toEqual(BSON.serialize({ _id: 'a', value }));
  });

  it('goes on with a cursor', async () => {
    const { ask, uri } = await start();
    await (await sessionsAt(uri)).insertMany(['a', 'b', 'c'].map((_id) => ({ _id })));
    const { cursor } = await ask({ find: 'sessions', filter: {}, batchSize: 2 });
    const next = await ask({ getMore: cursor.id, collection: 'sessions' });
    expect([...cursor.firstBatch, ...next.cursor.nextBatch].map(({ _id }) => _id)).toEqual(['a', 'b', 'c']);
  });

  it('passes on what the database refuses, in its words', async () => {
    const { ask } = await start();
    const reply = await ask({ find: 'sessions', filter: { $nonsense: 1 } });
    expect(reply).toMatchObject({ ok: { value: 0 }, errmsg: expect.stringContaining('$nonsense') });
    expect(reply.code.value).toBe(2);
  });

  it('deletes a document where it may, and not where it only reads', async () => {
    const command = { delete: 'sessions', deletes: [{ q: { _id: 'a' }, limit: 1 }] };
    for (const [mayWrite, left] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const { ask, uri } = await start({ mayWrite });
      const sessions = await sessionsAt(uri);
      await sessions.insertOne({ _id: 'a' });
      const { ok } = await ask(command);
      expect({ mayWrite, ok: ok.value, left: await sessions.countDocuments() }).toEqual({
        mayWrite,
        ok: mayWrite ? 1 : 0,
        left,
      });
    }
  });

  it('logs in for Compass', async () => {
    const { ask } = await start({ users: { ada: 's3cret' }, login: 'ada:s3cret@' });
    expect(await ask({ find: 'sessions', filter: {} })).toMatchObject({ ok: { value: 1 } });
  });

  it('does not open when the log-in is wrong', async () => {
    await expect(start({ users: { ada: 's3cret' }, login: 'ada:wrong@' })).rejects.toThrow(
      'Authentication failed',
    );
  });

  it('says that the database is gone, and tells no password', async () => {
    const { mongo, ask, onLost } = await start({ users: { ada: 's3cret' }, login: 'ada:s3cret@' });
    await mongo.stop();
    const reply = await ask({ find: 'sessions', filter: {} });
    expect(reply).toMatchObject({ ok: { value: 0 }, codeName: 'HostUnreachable' });
    expect(reply.errmsg).not.toContain('s3cret');
    expect(onLost).toHaveBeenCalled();
  });
});
