import { BSON, type Document, Long, MongoClient } from 'mongodb';
import { expect } from 'vitest';

/** The commands that both engines must answer alike, and those that only have to run on both. */
const COMPARED = [
  ...['find', 'getMore', 'aggregate', 'count', 'distinct', 'insert', 'update', 'delete', 'findAndModify'],
  ...['createIndexes', 'listIndexes', 'dropIndexes', 'collMod', 'create', 'drop'],
];
const REPEATED = [...COMPARED, 'dropDatabase', 'killCursors'];
/** Fields that belong to a session, or that the driver adds again. */
const OWN = ['lsid', '$db', '$clusterTime', '$readPreference'];
const DAY = 86_400_000;

interface Exchange {
  readonly id: number;
  readonly database: string;
  readonly command: Document;
  reply?: Document;
}

/** A second engine that gets what a client sent to the first. */
export interface Twin {
  /** Repeats all commands since the last call. Fails where the answers differ in anything that a client acts on. */
  compare(): Promise<void>;
  stop(): Promise<void>;
}

/** @param client of the first engine, with `monitorCommands` */
export async function startTwin(client: MongoClient, uri: string): Promise<Twin> {
  const sent = listen(client);
  const other = await MongoClient.connect(uri, { monitorCommands: true });
  const repeated = listen(other);
  const cursors = new Map<string, Long>();
  const compare = async () => {
    for (const { database, command, reply } of sent.splice(0)) {
      if (reply === undefined) continue;
      await other
        .db(database)
        .command(repeatable(command, cursors))
        .catch(() => {});
      const answer = repeated.splice(0).at(-1)?.reply ?? {};
      if (reply.cursor) cursors.set(String(reply.cursor.id), Long.fromValue(answer.cursor?.id ?? 0));
      const [name = ''] = Object.keys(command);
      if (!COMPARED.includes(name) || /Stats"/.test(JSON.stringify(command.pipeline?.[0] ?? ''))) continue;
      expect(essence(answer, command), `the other engine's answer to ${text(command)}`).toEqual(
        essence(reply, command),
      );
    }
  };
  return { compare, stop: () => other.close() };
}

function listen(client: MongoClient): Exchange[] {
  const exchanges: Exchange[] = [];
  const answered = (id: number, reply: Document) => {
    const exchange = exchanges.find((one) => one.id === id);
    if (exchange !== undefined) exchange.reply = reply;
  };
  client.on('commandStarted', ({ requestId: id, databaseName: database, commandName, command }) => {
    if (REPEATED.includes(commandName)) exchanges.push({ id, database, command });
  });
  client.on('commandSucceeded', ({ requestId, reply }) => answered(requestId, reply as Document));
  client.on('commandFailed', ({ requestId, failure }) => answered(requestId, failure));
  return exchanges;
}

/** The command for the other engine, whose cursors have other IDs. */
function repeatable(command: Document, cursors: ReadonlyMap<string, Long>): Document {
  const theirs = (id: Long) => cursors.get(String(id)) ?? Long.fromValue(id);
  const fields = Object.entries(command).filter(([name]) => !OWN.includes(name));
  return Object.fromEntries(
    fields.map(([name, value]) => {
      if (name === 'getMore') return [name, theirs(value)];
      return [name, name === 'cursors' ? value.map(theirs) : value];
    }),
  );
}

/** The part of a reply that a client acts on. Messages, sizes and the order of unsorted documents may differ. */
function essence(reply: Document, command: Document): Document {
  if (Number(reply.ok) !== 1) return { code: Number(reply.code) };
  const { ok, cursor, values, writeErrors = [], note, electionId, opTime, ns, ...rest } = reply;
  const batch: Document[] = cursor?.firstBatch ?? cursor?.nextBatch ?? [];
  // The client may have asked for bytes.
  const docs = batch.map((one) => text(one instanceof Uint8Array ? BSON.deserialize(one) : one));
  return {
    rest: text(rest),
    batch: command.sort ? docs : docs.sort(),
    more: cursor !== undefined && String(cursor.id) !== '0',
    values: values?.map(text).sort(),
    writeErrors: writeErrors.map(({ index, code }: Document) => [Number(index), Number(code)]),
  };
}

/** Numbers by value, because a client may get them with or without types; IDs and times that an engine made are left out. */
const text = (value: unknown): string =>
  BSON.EJSON.stringify(value, { relaxed: false })
    .replace(/"\$oid":"[0-9a-f]{24}"/g, '"$oid"')
    .replace(/"\$number(?:Int|Long|Double)":"([^"]*)"/g, (_whole, digits) =>
      Math.abs(Number(digits) - Date.now()) < DAY ? '"now"' : `"${Number(digits)}"`,
    );
