import { ConnectionString } from 'mongodb-connection-string-url';
import type { Environment, ShopConfig } from '#shop/config.ts';

/** The address that the shop listens on. Port 0 is any free one. */
export interface Address {
  readonly host: string;
  readonly port: number | undefined;
}

const LAST_PORT = 65_535;
/** A longer delay makes Node's timers fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Signs that come with a connection string copied from a page, a mail or a shell. */
const COPIED: readonly (readonly [RegExp, string])[] = [
  [/<[^>]*>/, 'still has a <placeholder> in it'],
  [/^["'`]|["'`]$/, 'has quotes round it'],
  [/&amp;/, 'was copied from HTML: write & for &amp;'],
  [/\\/, 'has a backslash in it'],
];

/**
 * The configuration, read once at the start from variables.
 * @throws {Error} that names the variable and never its value
 */
export function readConfig(env: Environment): ShopConfig {
  const previous = env.PREVIOUS_SESSION_SECRETS?.split(',') ?? [];
  for (const secret of previous) mustBeLong('PREVIOUS_SESSION_SECRETS', secret);
  return {
    mongodbUri: readUri(env),
    sessionSecret: mustBeLong('SESSION_SECRET', required(env, 'SESSION_SECRET')),
    previousSecrets: previous,
    ...databaseTimeout(env),
    // The shop speaks plain HTTP. In production a proxy in front of it speaks HTTPS.
    behindProxy: env.NODE_ENV === 'production',
  };
}

/** The address to listen on: this machine only, unless HOST says otherwise. */
export function readAddress(env: Environment): Address {
  return { host: env.HOST || '127.0.0.1', port: wholeNumber(env, 'PORT', LAST_PORT) };
}

// The next four functions are those of lesson 4.

function readUri(env: Environment): string {
  const uri =
    env.MONGODB_HOST && !env.MONGODB_URI
      ? parsed('MONGODB_HOST', fromParts(env))
      : parsed('MONGODB_URI', required(env, 'MONGODB_URI'));
  if (uri.pathname === '/') {
    uri.pathname = '/shop';
    // The driver looks for the user in the database of the path. Users live in `admin`.
    if (uri.username && !uri.searchParams.has('authSource')) uri.searchParams.set('authSource', 'admin');
  }
  return uri.toString();
}

function fromParts(env: Environment): string {
  const [user = '', password = ''] = ['MONGODB_USER', 'MONGODB_PASSWORD'].map((name) =>
    encodeURIComponent(required(env, name)),
  );
  const host = required(env, 'MONGODB_HOST');
  // A server needs its port. A name without one is resolved by DNS, ports included.
  return `mongodb${host.includes(':') ? '' : '+srv'}://${user}:${password}@${host}/`;
}

/** The parsed string. @param name the variable that an error names */
function parsed(name: string, text: string): ConnectionString {
  const damage = COPIED.find(([pattern]) => pattern.test(text));
  if (damage) throw new Error(`${name} ${damage[1]}.`);
  let uri: ConnectionString;
  try {
    uri = new ConnectionString(text);
  } catch {
    // The parser's own message may quote the string, with its password.
    throw new Error(`${name} does not make a connection string: mongodb:// or mongodb+srv://, then a host.`);
  }
  // The parser takes any port. The driver refuses it later, with an error that names no variable.
  const isOdd = (host: string) => /:(?!\d+$)/.test(host.replace(/^\[.*\]/, ''));
  if (uri.hosts.some(isOdd)) throw new Error(`${name} has a port that is not a number.`);
  return uri;
}

function required(env: Environment, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is missing. Set it in .env; .env.example shows how.`);
  if (/^<.*>$/.test(value)) throw new Error(`${name} still has a <placeholder> in it.`);
  return value;
}

function databaseTimeout(env: Environment): Pick<ShopConfig, 'databaseTimeoutMs'> {
  const databaseTimeoutMs = wholeNumber(env, 'DATABASE_TIMEOUT_MS', LONGEST_TIMER_MS);
  return databaseTimeoutMs ? { databaseTimeoutMs } : {};
}

function mustBeLong(name: string, secret: string): string {
  if (secret.length < 32) throw new Error(`${name} is too short: a secret needs 32 characters.`);
  return secret;
}

function wholeNumber(env: Environment, name: string, most: number): number | undefined {
  const value = env[name];
  if (!value) return undefined;
  // Number() alone would also read 0x50, 1e3 and a space.
  if (!/^\d+$/.test(value) || Number(value) > most)
    throw new Error(`${name} is not a whole number from 0 to ${most}.`);
  return Number(value);
}
