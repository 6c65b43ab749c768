import { randomUUID } from 'node:crypto';
import { MongoClient, type MongoClientOptions, MongoServerSelectionError } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';
import { type Finding, fault, good, type Layer, warning } from './finding.ts';
import { identify } from './look-up.ts';
import { DRIVER_WITHIN, type Names } from './names.ts';
import { isAtlas, type Reached } from './reach.ts';
import type { Seed } from './seed.ts';

/** A server's answer to `hello` (MongoDB manual, "hello"). */
export interface Greeting {
  readonly setName?: string;
  readonly hosts?: readonly string[];
  readonly msg?: string;
  readonly localTime?: Date;
}

/**
 * The options that the doctor changes: it waits at most three seconds where the string or the driver would wait longer, and it looks
 * names up with `names`.
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

/** Sends `hello` to one server, without logging in. */
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
    // Only a selection error keeps its cause in its servers. Other errors, such as a missing package, are thrown directly.
    const cause = error instanceof MongoServerSelectionError ? causeOf(error) : (error as Error).message;
    if (cause === '' || /timed? ?out/i.test(cause)) {
      const words = `accepts connections, but gives no answer within ${DRIVER_WITHIN / 1000} s`;
      return { findings: [fault('silent', 'hello', words)] };
    }
    return { findings: [notGreeted(cause, server, redact)] };
  } finally {
    await client.close();
  }
}

/** A finding for an answer that is not MongoDB's. The driver's message decides which problem it is. */
function notGreeted(cause: string, { host }: Reached, redact: (text: string) => string): Finding {
  const words = `the driver says: ${redact(cause)}`;
  const id = identify(new Error(cause));
  // It closed the connection without a word: it may be no MongoDB.
  if (id === 'connection-closed' || id === 'ip-access-list')
    return fault(isAtlas(host) ? 'ip-access-list' : 'hello', 'hello', words);
  return fault(id ?? 'hello', 'hello', words);
}

/** The string for this server alone, without a login. */
function anonymous(uri: string, { host, port }: Reached): string {
  const string = new ConnectionString(uri);
  const options = string.searchParams;
  string.username = '';
  string.password = '';
  // The path of a socket file stays as it is written.
  if (!string.hosts[0]?.includes('%2F'))
    string.hosts = [`${host.includes(':') ? `[${host}]` : host}:${port}`];
  for (const name of [...options.keys()])
    if (/^(?:auth|replicaSet|read|directConn)/i.test(name)) options.delete(name);
  if (options.get('loadBalanced') !== 'true') options.set('directConnection', 'true');
  return string.toString();
}

/** The error of the server inside the driver's selection error; empty when there is none. */
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

/** How far two clocks may be apart without harm, in seconds. */
const APART = 30;

/** @param sent and answered: the times of the question and of the answer, in milliseconds since 1970 by this clock */
export function compareClocks({ localTime }: Greeting, sent: number, answered: number): Finding[] {
  if (!(localTime instanceof Date)) return [];
  // The server read its clock between the two times.
  const early = (sent - localTime.getTime()) / 1000;
  const late = (localTime.getTime() - answered) / 1000;
  const apart = Math.max(early, late);
  if (apart <= APART) return [good('server-clock', 'clock', "the server's clock and this one agree")];
  const words = `the server's clock is ${Math.round(apart)} s ${early > late ? 'behind' : 'ahead of'} this one`;
  return [warning('clock', 'clock', words)];
}

/** Whether drivers send transaction numbers with their writes to this deployment. */
export const takesRetries = ({ setName, msg }: Greeting) => setName !== undefined || msg === 'isdbgrid';
