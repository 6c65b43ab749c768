import { MongoClient, type MongoClientOptions, MongoNetworkError, MongoNetworkTimeoutError } from 'mongodb';
import { ConnectionString } from 'mongodb-connection-string-url';
import { decoded, type Parts } from '../shared/connection-string.ts';
import { causeOf, type Greeting } from './deployment.ts';
import { type Finding, fault, good, type Layer, note, warning } from './finding.ts';
import { identify } from './look-up.ts';
import { wordsOf } from './refusal.ts';
import { optionOf, type Seed } from './seed.ts';

/** The problems that mean a refused login. Atlas's code 8000 means one only with the message for it. */
const NOT_LOGGED_IN: readonly (string | undefined)[] = ['credentials', 'auth-source'];

/** How often a login is tried when the connection breaks. A server that is still starting accepts a later one. */
const TRIES = 4;

/** Connects as the shop would, with its login. `next` is the connected client, which the caller closes. */
export async function logIn(
  seed: Seed,
  parts: Parts,
  greeting: Greeting,
  redact: (text: string) => string,
  options: MongoClientOptions,
): Promise<Layer<MongoClient>> {
  const mismatch = otherSet(seed, greeting);
  if (mismatch) return { findings: [mismatch] };
  for (let tries = 1; ; tries++) {
    const client = new MongoClient(seed.uri, options);
    try {
      await client.connect();
      return { findings: [loggedIn(parts, client), ...(tries > 1 ? [STARTING] : [])], next: client };
    } catch (error) {
      await client.close();
      if (brokeOff(error) && tries < TRIES) continue;
      if (NOT_LOGGED_IN.includes(identify(error))) {
        return { findings: [await notLoggedIn(seed, parts, sourceOf(client), options)] };
      }
      return { findings: [notSelected(error, greeting, seed.servers.length > 1, redact)] };
    }
  }
}

const STARTING = warning(
  'dead-store',
  'log-in',
  'the first one broke off and a later one did not, as while a database is starting',
);

const brokeOff = (error: unknown) =>
  error instanceof MongoNetworkError && !(error instanceof MongoNetworkTimeoutError);

function loggedIn({ user }: Parts, client: MongoClient): Finding {
  if (!user) return note('login', 'log-in', 'the string names no user');
  return good('login', 'log-in', `as ${decoded(user)}, by the database ${sourceOf(client)}`);
}

const sourceOf = (client: MongoClient) => client.options.credentials?.source ?? 'admin';

function otherSet({ uri }: Seed, { setName }: Greeting): Finding | undefined {
  const asked = new MongoClient(uri).options.replicaSet;
  if (!asked || asked === setName) return undefined;
  const words = `the string asks for the set ${asked}, and this is ${setName ?? 'a standalone server'}`;
  const fix = setName ? `Write replicaSet=${setName}, or drop the option.` : 'Drop the option replicaSet.';
  return fault('replica-set', 'replica set', words, fix);
}

function notSelected(
  error: unknown,
  { setName, hosts }: Greeting,
  several: boolean,
  redact: (text: string) => string,
): Finding {
  if (setName !== undefined && hosts) {
    return fault('replica-set', 'replica set', `no primary found at the names it gives: ${hosts.join(', ')}`);
  }
  if (several) {
    const words = 'the string names several servers, and this one belongs to no replica set';
    return fault('replica-set', 'replica set', words, 'Name this server alone.');
  }
  const cause = causeOf(error) ? new Error(causeOf(error)) : error;
  return fault(identify(cause) ?? 'server-error', 'log-in', wordsOf(cause, redact));
}

/** A server never says why it refuses a login. This tries whether the user is in another database. */
async function notLoggedIn(
  seed: Seed,
  parts: Parts,
  source: string,
  options: MongoClientOptions,
): Promise<Finding> {
  const user = decoded(parts.user ?? '');
  for (const other of ['admin', decoded(parts.database)].filter((name) => name && name !== source)) {
    if (!(await canLogIn(seed, other, options))) continue;
    const given = optionOf(parts, 'authSource') === undefined;
    const words = `${user} is no user of the database ${source}, but of ${other}`;
    return fault(
      'auth-source',
      'log-in',
      words,
      given ? `Add authSource=${other}.` : `Write authSource=${other}.`,
    );
  }
  return fault('credentials', 'log-in', `refused for ${user}, looked for in the database ${source}`);
}

async function canLogIn({ uri }: Seed, source: string, options: MongoClientOptions): Promise<boolean> {
  const string = new ConnectionString(uri);
  string.searchParams.set('authSource', source);
  const client = new MongoClient(string.toString(), options);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
