import { randomBytes } from 'node:crypto';
import { UsageError } from '../../shared/errors.ts';

/** The addresses of the backends and of the app. */
export interface Places {
  /** mongodb://127.0.0.1:PORT/ of the fault proxy. */
  readonly mongo: string;
  /** Undefined when this machine has no Redis. */
  readonly redis: string | undefined;
  readonly port: number;
}

/** The environment of the app. */
export interface AppEnvironment {
  readonly values: Readonly<Record<string, string>>;
  /** Names whose values the audit made up, because the app reads them and nothing sets them. */
  readonly madeUp: readonly string[];
  /** What the app's .env sets. */
  readonly own: NodeJS.Dict<string>;
  /** What a sample of its .env has, such as .env.example, which is public. */
  readonly sample: NodeJS.Dict<string>;
  /** Names that the app's .env sets to other values. */
  readonly overridden: readonly string[];
}

const DATABASE = 'audit';
/** Set as if every app read them: many read them in ways that are not recognised. */
const USUAL = ['SESSION_SECRET'];
/** Set for every app. */
const ALWAYS = ['MONGODB_URI', 'MONGO_URI', 'MONGO_URL', 'MONGODB_URL'];

/** Where values of variables come from. */
export interface Sources {
  /** What the app's .env sets. */
  readonly own?: NodeJS.Dict<string>;
  /** What a sample of .env has, such as .env.example. */
  readonly sample?: NodeJS.Dict<string>;
  /** From --env: NAME=value, with {mongodb}, {redis}, {port} and {origin} in the value. */
  readonly given?: Readonly<Record<string, string>>;
}

/**
 * The variables for an app.
 * @param read names of variables that its source reads
 */
export function environmentFor(
  read: readonly string[],
  { own = {}, sample = {}, given = {} }: Sources,
  places: Places,
): AppEnvironment {
  const values: Record<string, string> = { PORT: String(places.port), NODE_ENV: 'development' };
  const madeUp: string[] = [];
  for (const name of ALWAYS) values[name] = mongoUri(places);
  for (const name of new Set([...Object.keys(own), ...read, ...Object.keys(sample), ...USUAL])) {
    if (name in values) continue;
    const backend = backendValue(name, own[name], places);
    if (backend !== undefined) values[name] = backend;
    // Set as well: the app may read another .env file than the one this value is from.
    else if (own[name]) values[name] = own[name];
    else {
      const value = made(name, places, sample[name]);
      if (value === undefined) continue;
      values[name] = value;
      madeUp.push(name);
    }
  }
  for (const [name, value] of Object.entries(given)) values[name] = filled(value, places);
  const overridden = Object.keys(own).filter((name) => name in values && values[name] !== own[name]);
  return { values, madeUp: madeUp.filter((name) => !(name in given)), overridden, own, sample };
}

/**
 * The values that differ in production: there a made-up address of the app begins with https.
 * @param switches what the app compares with: see switchesIn
 */
export function inProduction(
  { values, madeUp }: AppEnvironment,
  switches: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = madeUp.filter((name) => values[name] === `http://localhost:${values.PORT}`);
  const addresses = own.map((name) => [name, `https://localhost:${values.PORT}`]);
  return { ...Object.fromEntries(addresses), ...switches, NODE_ENV: 'production' };
}

const mongoUri = ({ mongo }: Places) => `${mongo}${DATABASE}`;
const origin = ({ port }: Places) => `http://localhost:${port}`;

/** The value of a variable with the address of a database; undefined for any other variable. */
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

/**
 * A value for a variable that nothing sets; undefined when none would help.
 * @param sample what a sample of .env has for it: not used for secrets, which are public there, nor for addresses, which are of other machines
 */
function made(name: string, places: Places, sample = ''): string | undefined {
  const upper = name.toUpperCase();
  const usable = /^[\w .,:/+-]+$/.test(sample) && !/\byour|xxx|\.\.\./i.test(sample) ? sample : undefined;
  if (/ROUNDS|(?:SALT|WORK|COST)_?FACTOR|BCRYPT_?(?:SALT|COST)|SALT_?LEN/.test(upper)) return usable ?? '10';
  if (/MAX_?AGE|LIFETIME|EXPIR\w*|TTL|DURATION/.test(upper)) return usable ?? lifetime(upper);
  if (/^(?:APP|SERVER|HTTP|API)_?PORT$/.test(upper)) return String(places.port);
  // 32 characters, for ciphers of 256 bits.
  if (/SECRET|KEYS?$|TOKEN|PASS|SALT/.test(upper)) return randomBytes(16).toString('hex');
  if (
    /(?:CLIENT|APP|API|ACCOUNT|GOOGLE|GITHUB|GITLAB|FACEBOOK|TWITTER|LINKEDIN|DISCORD|MICROSOFT)\w*ID$/.test(
      upper,
    )
  )
    return 'audit';
  if (/(?:ORIGINS?|_URL|_URI|CALLBACK)$/.test(upper)) return origin(places);
  if (/^(?:HOST|HOSTNAME|SERVER_HOST)$/.test(upper)) return 'localhost';
  if (/EMAIL|MAIL_?(?:USER|FROM)/.test(upper)) return 'audit@example.com';
  return usable;
}

/** A day or less, in the unit of the name. Without a unit some apps read milliseconds, others seconds. */
function lifetime(upper: string): string {
  if (/JWT|TOKEN/.test(upper)) return '1h';
  const units = { DAY: '1', HOUR: '1', MIN: '60', SEC: '3600', MS: '3600000', MILLI: '3600000' };
  const [, value] = Object.entries(units).find(([unit]) => upper.includes(unit)) ?? [];
  return value ?? '864000';
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
