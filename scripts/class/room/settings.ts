import { randomBytes } from 'node:crypto';
import type { ShopConfig } from '#shop/config.ts';
import { readConfig } from '../../../solutions/shop/config.ts';
import { EnvironmentError } from '../../shared/errors.ts';
import { readPort } from '../../shared/port.ts';

const LEAST_PASSWORD = 12;

/** What an instructor may set from outside, in `.env` or in the shell. */
export interface Settings {
  /** Undefined for any free one near the usual one. */
  readonly port: number | undefined;
  /** Undefined for one that the class makes up. */
  readonly password: string | undefined;
  /** Where MongoDB is; undefined for one in memory. */
  readonly config: ShopConfig | undefined;
}

/** @throws {UsageError | EnvironmentError} that names the variable and never its value */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const port = readPort(env, 'CLASS_PORT');
  const { CLASS_PASSWORD: password } = env;
  if (password && password.length < LEAST_PASSWORD)
    throw new EnvironmentError(`CLASS_PASSWORD is too short: it needs ${LEAST_PASSWORD} characters.`);
  return {
    port,
    password: password || undefined,
    config: env.MONGODB_URI || env.MONGODB_HOST ? mongoConfig(env) : undefined,
  };
}

/** The finished shop's way to read where MongoDB is. The secret of its sessions is not the class's. */
function mongoConfig(env: NodeJS.ProcessEnv): ShopConfig {
  try {
    return readConfig({ ...env, SESSION_SECRET: randomBytes(32).toString('hex') });
  } catch (error) {
    throw new EnvironmentError((error as Error).message);
  }
}
