import { randomUUID } from 'node:crypto';
import { MongoClient, type MongoClientOptions } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';
import { type Finding, fault, good, type Layer, warning } from './finding.ts';
import { identify } from './look-up.ts';
import { DRIVER_WITHIN, type Names } from './names.ts';
import { isAtlas, type Reached } from './reach.ts';
import type { Seed } from './seed.ts';

/** What a server says of itself (MongoDB manual, "hello"). */
export interface Greeting {
  readonly setName?: string;
  readonly hosts?: readonly string[];
  readonly msg?: string;
  readonly localTime?: Date;
}

/**
 * What the doctor changes of the string's own options: it waits three seconds where the string, or the driver, would wait longer, and
 * looks names up as the rest of it does.
 */
export function clientOptions(uri: string, names: Names): MongoClientOptions {
  const own = new MongoClient(uri).options;
  const shorter = (ms: number | undefined) => (ms ? Math.min(ms, DRIVER_WITHIN) : DRIVER_WITHIN);
  return {
    appName: `doctor-${randomUUID()}`,
    serverSelectionTimeoutMS: shorter(own.serverSelectionTimeoutMS),
    connectTimeoutMS: shorter(own.connectTimeoutMS),
    socketTimeoutMS: shorter(own.socketTimeoutMS),
    lookup: (host, _options, done) => {
      names.addresses(host).then(
        (addresses) => done(null, addresses),
        (error) => done(error, []),
      );
    },
  };
}

/** Asks one server, without logging in, what it is. */
export async function greet(
  { uri }: Seed,
  server: Reached,
  redact: (text: string) => string,
  options: MongoClientOptions,
): Promise<Layer<Greeting>> {
  const client = new MongoClient(anonymous(uri, server), options);
  const sent = Date.now();
  try {
    const greeting = (await client.db('admin').command({ hello: 1 })) as Greeting;
    return {
      findings: [good('hello', 'hello', kindOf(greeting)), ...compareClocks(greeting, sent, Date.now())],
      next: greeting,
    };
  } catch (error) {
    const cause = causeOf(error);
    if (cause === '' || /timed? ?out/i.test(cause)) {
      const words = `accepts connections, but gives no answer within ${DRIVER_WITHIN / 1000} s`;
      return { findings: [fault('silent', 'hello', words)] };
    }
    return { findings: [notGreeted(cause, server, redact)] };
  } finally {
    await client.close();
  }
}

/** Something answers, and it is not how a MongoDB greets: what the driver says of it decides. */
function notGreeted(cause: string, { host }: Reached, redact: (text: string) => string): Finding {
  const words = `the driver says: ${redact(cause)}`;
  const id = identify(new Error(cause));
  // It hung up before it said a word: it may be no MongoDB at all.
  if (id === 'connection-closed' || id === 'ip-access-list')
    return fault(isAtlas(host) ? 'ip-access-list' : 'hello', 'hello', words);
  return fault(id ?? 'hello', 'hello', words);
}

/** The string for this server alone, without a log-in. */
function anonymous(uri: string, { host, port }: Reached): string {
  const string = new ConnectionString(uri);
  const options = string.searchParams;
  string.username = '';
  string.password = '';
  // A path to a socket stays as it is written.
  if (!string.hosts[0]?.includes('%2F'))
    string.hosts = [`${host.includes(':') ? `[${host}]` : host}:${port}`];
  for (const name of [...options.keys()])
    if (/^(?:auth|replicaSet|read|directConn)/i.test(name)) options.delete(name);
  if (options.get('loadBalanced') !== 'true') options.set('directConnection', 'true');
  return string.toString();
}

/** What the driver heard of the server, where it says only that it found none. */
export function causeOf(error: unknown): string {
  const { reason } = error as { reason?: { servers?: Map<string, { error?: Error | null }> } };
  for (const { error: cause } of reason?.servers?.values() ?? []) if (cause) return cause.message;
  return '';
}

const kindOf = ({ setName, hosts = [], msg }: Greeting) =>
  msg === 'isdbgrid'
    ? 'a mongos of a sharded cluster'
    : setName
      ? `a member of the replica set ${setName}, which has ${hosts.length}`
      : 'a standalone server';

/** How far two clocks may be apart without doing harm, in seconds. */
const APART = 30;

/** @param sent and answered: when the question went and the answer came, in milliseconds since 1970 by this clock */
export function compareClocks({ localTime }: Greeting, sent: number, answered: number): Finding[] {
  if (!(localTime instanceof Date)) return [];
  // The server's time lies between asking and the answer.
  const early = (sent - localTime.getTime()) / 1000;
  const late = (localTime.getTime() - answered) / 1000;
  const apart = Math.max(early, late);
  if (apart <= APART) return [good('server-clock', 'clock', "the server's clock and this one agree")];
  const words = `the server's clock is ${Math.round(apart)} s ${early > late ? 'behind' : 'ahead of'} this one`;
  return [warning('clock', 'clock', words)];
}

/** Whether drivers send this deployment transaction numbers with their writes. */
export const takesRetries = ({ setName, msg }: Greeting) => setName !== undefined || msg === 'isdbgrid';
