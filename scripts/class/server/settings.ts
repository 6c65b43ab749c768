import { ConnectionString } from 'mongodb-connection-string-url';
import { EnvironmentError } from '../../shared/errors.ts';
import { readPort } from '../../shared/port.ts';

const MIN_PASSWORD = 12;

/** The instructor's settings, from `.env` or the shell. */
export interface Settings {
  /** Undefined: the first free port from the default on. */
  readonly port: number | undefined;
  /** Undefined: the class generates one. */
  readonly password: string | undefined;
  /** Undefined: MongoDB in memory. */
  readonly mongodbUri: string | undefined;
}

/** @throws {UsageError | EnvironmentError} that names the variable and never its value */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = readPort(env, 'CLASS_PORT');
  const { CLASS_PASSWORD: password } = env;
  if (password && password.length < MIN_PASSWORD)
    throw new EnvironmentError(`CLASS_PASSWORD is too short: it needs ${MIN_PASSWORD} characters.`);
  return {
    port,
    password: password || undefined,
    mongodbUri: env.MONGODB_URI || env.MONGODB_HOST ? readUri(env) : undefined,
  };
}

/** MONGODB_URI, or a URI built from MONGODB_HOST, MONGODB_USER and MONGODB_PASSWORD, as in lesson 4. */
function readUri(env: NodeJS.ProcessEnv): string {
  const names = env.MONGODB_URI ? ['MONGODB_URI'] : ['MONGODB_USER', 'MONGODB_PASSWORD', 'MONGODB_HOST'];
  const values = names.map((name) => {
    const value = env[name];
    if (!value) throw new EnvironmentError(`${name} is missing. Set it in .env; .env.example shows how.`);
    if (/<[^<>]*>/.test(value) && name !== 'MONGODB_PASSWORD')
      throw new EnvironmentError(`${name} still has a <placeholder> in it.`);
    return value;
  });
  const [first = '', password = '', host = ''] = values;
  const scheme = host.includes(':') ? 'mongodb' : 'mongodb+srv';
  const uri = env.MONGODB_URI
    ? first
    : `${scheme}://${encodeURIComponent(first)}:${encodeURIComponent(password)}@${host}/`;
  try {
    return new ConnectionString(uri).toString();
  } catch {
    // The parser's message may quote the string, with its password.
    throw new EnvironmentError(`${names[0]} is not a connection string. npm run doctor says more.`);
  }
}
