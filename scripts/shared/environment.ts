import { readEnvFile } from './env-file.ts';
import { type EnvRemark, envRemarks } from './env-remarks.ts';
import { ROOT } from './paths.ts';

/** The variables in `.env`, and those of this process, which win. @throws {EnvironmentError} when `.env` cannot be read */
export function shopEnvironment(root = ROOT): NodeJS.ProcessEnv {
  return { ...readEnvFile(root)?.values, ...process.env };
}

/** The remarks on `.env`, for a command to print. @throws {EnvironmentError} when `.env` cannot be read */
export const remarksOnEnvFile = (root = ROOT, env: NodeJS.ProcessEnv = process.env): EnvRemark[] =>
  envRemarks(readEnvFile(root), root, env);
