import { ConnectionString } from 'mongodb-connection-string-url';
import type { Environment, ShopConfig } from '#shop/config.ts';

/** What comes along when a connection string is copied from a page, a mail or a shell. */
const COPIED: readonly (readonly [RegExp, string])[] = [
  [/<[^>]*>/, 'still has a <placeholder> in it'],
  [/^["'`]|["'`]$/, 'has quotes round it'],
  [/&amp;/, 'was copied from HTML: write & for &amp;'],
  [/\\/, 'has a backslash in it'],
];

/** The shop's configuration, read once at the start from variables: those of `.env`, and the machine's own. */
export function readConfig(env: Environment): ShopConfig {
  const uri =
    env.MONGODB_HOST && !env.MONGODB_URI
      ? parsed('MONGODB_HOST', fromParts(env))
      : parsed('MONGODB_URI', required(env, 'MONGODB_URI'));
  if (uri.pathname === '/') {
    uri.pathname = '/shop';
    // The driver looks for the user in the database of the path. Users live in `admin`.
    if (uri.username && !uri.searchParams.has('authSource')) uri.searchParams.set('authSource', 'admin');
  }
  const sessionSecret = required(env, 'SESSION_SECRET');
  if (sessionSecret.length < 32) throw new Error('SESSION_SECRET is too short: it needs 32 characters.');
  return { mongodbUri: uri.toString(), sessionSecret };
}

/** The value of a variable. Errors name the variable and never say the value: they end up in logs. */
function required(env: Environment, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is missing. Set it in .env; .env.example shows how.`);
  if (/^<.*>$/.test(value)) throw new Error(`${name} still has a <placeholder> in it.`);
  return value;
}

function fromParts(env: Environment): string {
  const [user = '', password = ''] = ['MONGODB_USER', 'MONGODB_PASSWORD'].map((name) =>
    encodeURIComponent(required(env, name)),
  );
  const host = required(env, 'MONGODB_HOST');
  // A server is named with its port. A name without one is for DNS to resolve, ports and all.
  return `mongodb${host.includes(':') ? '' : '+srv'}://${user}:${password}@${host}/`;
}

/** The string taken apart. @param name the variable to mend when it cannot be */
function parsed(name: string, text: string): ConnectionString {
  const damage = COPIED.find(([pattern]) => pattern.test(text));
  if (damage) throw new Error(`${name} ${damage[1]}.`);
  let uri: ConnectionString;
  try {
    uri = new ConnectionString(text);
  } catch {
    // The parser's own message may quote the string, password and all.
    throw new Error(`${name} does not make a connection string: mongodb:// or mongodb+srv://, then a host.`);
  }
  // The parser takes any port. The driver refuses it later, with an error that names no variable.
  const isOdd = (host: string) => /:(?!\d+$)/.test(host.replace(/^\[.*\]/, ''));
  if (uri.hosts.some(isOdd)) throw new Error(`${name} has a port that is not a number.`);
  return uri;
}
