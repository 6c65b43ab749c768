import { randomBytes } from 'node:crypto';
import { UsageError } from '../../shared/errors.ts';

/** Where the backends and the app itself are. */
export interface Places {
  /** mongodb://127.0.0.1:PORT/ of the fault proxy. */
  readonly mongo: string;
  /** Undefined when this machine has no Redis. */
  readonly redis: string | undefined;
  readonly port: number;
}

/** What the app is told about its surroundings. */
export interface AppEnvironment {
  readonly values: Readonly<Record<string, string>>;
  /** Names whose values the audit made up, because the app reads them and nothing sets them. */
  readonly madeUp: readonly string[];
  /** What the app's .env sets. */
  readonly own: NodeJS.Dict<string>;
  /** Names that the app's .env sets otherwise. */
  readonly overridden: readonly string[];
}

const DATABASE = 'audit';
/** Taken as read by every app: many read them by a way of their own. */
const USUAL = ['SESSION_SECRET'];
/** Set for every app, whatever it reads. */
const ALWAYS = ['MONGODB_URI', 'MONGO_URI', 'MONGO_URL', 'MONGODB_URL'];

/**
 * The variables for an app.
 * @param read names that its source or a sample of .env has
 * @param own what its .env sets
 * @param given from --env: NAME=value, with {mongodb}, {redis}, {port} and {origin} in the value
 */
export function environmentFor(
  read: readonly string[],
  own: NodeJS.Dict<string>,
  given: Readonly<Record<string, string>>,
  places: Places,
): AppEnvironment {
  const values: Record<string, string> = { PORT: String(places.port), NODE_ENV: 'development' };
  const madeUp: string[] = [];
  for (const name of ALWAYS) values[name] = mongoUri(places);
  for (const name of new Set([...Object.keys(own), ...read, ...USUAL])) {
    if (name in values) continue;
    const backend = backendValue(name, own[name], places);
    if (backend !== undefined) values[name] = backend;
    // Given as well: an app may read another file, which nobody shares.
    else if (own[name]) values[name] = own[name];
    else {
      const value = made(name, places);
      if (value === undefined) continue;
      values[name] = value;
      madeUp.push(name);
    }
  }
  for (const [name, value] of Object.entries(given)) values[name] = filled(value, places);
  const overridden = Object.keys(own).filter((name) => name in values && values[name] !== own[name]);
  return { values, madeUp: madeUp.filter((name) => !(name in given)), overridden, own };
}

const mongoUri = ({ mongo }: Places) => `${mongo}${DATABASE}`;
const origin = ({ port }: Places) => `http://localhost:${port}`;

/** The value of a variable that says where a database is; undefined for any other variable. */
function backendValue(name: string, own: string | undefined, places: Places): string | undefined {
  const upper = name.toUpperCase();
  if (/^mongodb(?:\+srv)?:/.test(own ?? '')) return mongoUri(places);
  if (/^rediss?:/.test(own ?? '')) return places.redis;
  if (/REDIS|VALKEY/.test(upper)) {
    if (places.redis === undefined) return undefined;
    const { hostname, port } = new URL(places.redis);
    if (/HOST/.test(upper)) return hostname;
    if (/PORT/.test(upper)) return port;
    return /(?:URL|URI|STRING|REDIS|CONNECTION)$/.test(upper) ? places.redis : undefined;
  }
  if (own !== undefined && !/MONGO|ATLAS/.test(upper)) return undefined;
  if (/MONGO|ATLAS/.test(upper)) {
    if (/HOST|SERVER/.test(upper)) return '127.0.0.1';
    if (/PORT/.test(upper)) return new URL(places.mongo).port;
    if (/(?:DB|NAME|DATABASE)$/.test(upper) && !/^MONGO(?:DB)?$/.test(upper)) return DATABASE;
    if (/USER|PASS|SECRET|KEY|COLLECTION/.test(upper)) return undefined;
    return mongoUri(places);
  }
  if (
    /^(?:DB|DATABASE)(?:_?(?:UR[IL]|CONN\w*|STRING|LOCAL|LINK|DEV|DEVELOPMENT))*$|^(?:CONN\w*_?)?(?:STRING|URI)$|^DBUR[IL]$/.test(
      upper,
    )
  )
    return mongoUri(places);
  return undefined;
}

/** A value for a variable that nothing sets; undefined where none would help. */
function made(name: string, places: Places): string | undefined {
  const upper = name.toUpperCase();
  if (/ROUNDS/.test(upper)) return '10';
  if (/(?:MAX_?AGE|LIFETIME|EXPIR\w*|TTL|DURATION)/.test(upper))
    return /JWT|TOKEN/.test(upper) ? '1h' : '3600000';
  if (/^(?:APP|SERVER|HTTP|API)_?PORT$/.test(upper)) return String(places.port);
  // 32 characters, as ciphers of 256 bits want them.
  if (/SECRET|KEYS?$|TOKEN|PASS|SALT/.test(upper)) return randomBytes(16).toString('hex');
  if (/(?:CLIENT|APP|API|ACCOUNT)\w*ID$/.test(upper)) return 'audit';
  if (/(?:ORIGIN|_URL|_URI|CALLBACK)$/.test(upper)) return origin(places);
  if (/^(?:HOST|HOSTNAME|SERVER_HOST)$/.test(upper)) return 'localhost';
  if (/EMAIL|MAIL_?(?:USER|FROM)/.test(upper)) return 'audit@example.com';
  return undefined;
}

function filled(value: string, places: Places): string {
  const named: Record<string, string | undefined> = {
    mongodb: mongoUri(places),
    redis: places.redis,
    port: String(places.port),
    origin: origin(places),
  };
  return value.replace(/\{(\w+)\}/g, (all, name: string) => {
    if (name === 'redis' && places.redis === undefined)
      throw new UsageError(
        '--env asks for {redis}, and this machine has no Redis server: npm run lab says how to get one.',
      );
    return named[name] ?? all;
  });
}

/** Reads the values of --env. @throws {UsageError} for one without a name */
export function readGiven(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(pair) ?? [];
      if (!name) throw new UsageError(`--env takes NAME=value, and was given ${pair.split('=')[0]}.`);
      return [name, value];
    }),
  );
}
