import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ROOT } from './paths.ts';

/** The variables in `.env`, and those of this process, which win. */
export function shopEnvironment(root = ROOT): NodeJS.ProcessEnv {
  const file = join(root, '.env');
  return { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...process.env };
}
