import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeSync } from '../setup/files.mjs';
import { stateDir } from '../shared/state-dir.ts';
import { writeWhole } from '../shared/write-whole.ts';

/** How long a failed download is not repeated automatically, in milliseconds. */
const A_DAY = 24 * 60 * 60 * 1000;

const fileIn = (root: string) => join(root, '.workshop', 'mongod-download.json');

/** A failed download: `at` in milliseconds since 1970, `source` as `source()` names it. */
interface Failure {
  readonly at: number;
  readonly source: string;
  readonly reason: string;
}

/**
 * Whether a download from the current source has failed within the last day. A record that cannot be read, or that is from
 * the future (a clock was set back), does not count.
 */
export function failedLately(root: string, now = Date.now()): boolean {
  try {
    const { at, source: asked } = JSON.parse(readFileSync(fileIn(root), 'utf8')) as Failure;
    return asked === source() && at <= now && now - at < A_DAY;
  } catch {
    return false;
  }
}

/** Remembers a failure. Without write access it is tried again next time. */
export function rememberFailure(root: string, reason: string, now = Date.now()): void {
  const failure: Failure = { at: now, source: source(), reason };
  try {
    stateDir(root);
    writeWhole(fileIn(root), `${JSON.stringify(failure)}\n`);
  } catch {
    // Explained above.
  }
}

/** Forgets the failure. When the file cannot be removed, the failure expires after a day. */
export function forgetFailure(root: string): void {
  try {
    removeSync(fileIn(root));
  } catch {
    // Explained above.
  }
}

/**
 * The mirror and version of a download: another one is worth a new try. Host and path only, since an address may contain a password.
 */
function source(env = process.env): string {
  const address = env.MONGOMS_DOWNLOAD_URL || env.MONGOMS_DOWNLOAD_MIRROR || 'https://fastdl.mongodb.org';
  const { host, pathname } = URL.canParse(address) ? new URL(address) : { host: '', pathname: '' };
  return `${host}${pathname} ${env.MONGOMS_VERSION ?? ''}`.trim();
}
