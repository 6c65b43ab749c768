import { failedLately } from './download-memory.ts';

/** mongodb-memory-server reads only these words as yes (its resolveConfig.envToBool). */
const YES = /^(?:1|on|yes|true)$/i;

/** Whether MONGOMS_RUNTIME_DOWNLOAD, mongodb-memory-server's own switch, forbids downloads. */
export function downloadsSwitchedOff(env = process.env): boolean {
  return env.MONGOMS_RUNTIME_DOWNLOAD !== undefined && !YES.test(env.MONGOMS_RUNTIME_DOWNLOAD);
}

/**
 * Whether `auto` may download a mongod. Only where a person sees it and can stop it: stderr, on which size and progress appear, is a terminal,
 * and this is no CI machine. A pipe, a test or a CI job uses the embedded engine at once and asks no host: its log would show only an unannounced 80 MB, or
 * two silent seconds. WORKSHOP_MONGO=mongod downloads there, too. Nor when a download failed or was stopped within the last day: an offline
 * learner waits for that once a day, and `npm run mongod` always tries.
 */
export function mayDownload(root: string, env = process.env): boolean {
  const inCi = !['', '0', 'false'].includes(env.CI ?? '');
  return process.stderr.isTTY === true && !inCi && !downloadsSwitchedOff(env) && !failedLately(root);
}
