import { failedLately } from './download-memory.ts';

/** mongodb-memory-server takes only these words for a yes (its resolveConfig.envToBool). */
const YES = /^(?:1|on|yes|true)$/i;

/** Whether MONGOMS_RUNTIME_DOWNLOAD, mongodb-memory-server's own switch, forbids downloads. */
export function downloadsSwitchedOff(env = process.env): boolean {
  return env.MONGOMS_RUNTIME_DOWNLOAD !== undefined && !YES.test(env.MONGOMS_RUNTIME_DOWNLOAD);
}

/**
 * Whether `auto` may go and download a mongod. Only where somebody sees it and can stop it: stderr, on which size and progress appear, is a terminal,
 * and this is no CI machine. A pipe, a test or a CI job takes the embedded engine at once and asks no host, since an unannounced 80 MB or two silent seconds
 * would be all that is noticed there; WORKSHOP_MONGO=mongod asks for it in so many words. Nor when it failed or was stopped within the last day: whoever is
 * offline waits for that once a day, and `npm run mongod` tries whenever it is told to.
 */
export function mayDownload(root: string, env = process.env): boolean {
  const inCi = !['', '0', 'false'].includes(env.CI ?? '');
  return process.stderr.isTTY === true && !inCi && !downloadsSwitchedOff(env) && !failedLately(root);
}
