import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeSync } from '../setup/files.mjs';
import { stateDir } from '../shared/state-dir.ts';
import { writeWhole } from '../shared/write-whole.ts';

/** For how long a failed download is not tried again unasked, in milliseconds. */
const A_DAY = 24 * 60 * 60 * 1000;

const fileIn = (root: string) => join(root, '.workshop', 'mongod-download.json');

/** What a download failed with, and when: `at` in milliseconds since 1970, `source` as `source()` names it. */
interface Failure {
  readonly at: number;
  readonly source: string;
  readonly reason: string;
}

/**
 * Whether a download from where it would come from now has failed within the last day. A memory that cannot be read, or that comes from
 * the future (a clock was set back), is none.
 */
export function failedLately(root: string, now = Date.now()): boolean {
  try {
    const { at, source: asked } = JSON.parse(readFileSync(fileIn(root), 'utf8')) as Failure;
    return asked === source() && at <= now && now - at < A_DAY;
  } catch {
    return false;
  }
}

/** Remembers a failure. Where nothing can be written it is merely tried again next time. */
export function rememberFailure(root: string, reason: string, now = Date.now()): void {
  const failure: Failure = { at: now, source: source(), reason };
  try {
    stateDir(root);
    writeWhole(fileIn(root), `${JSON.stringify(failure)}\n`);
  } catch {
    // said above
  }
}

/** Forgets it. Where that cannot be done a day does it. */
export function forgetFailure(root: string): void {
  try {
    removeSync(fileIn(root));
  } catch {
    // said above
  }
}

/**
 * Which mongod from where: another mirror or version is worth a try of its own. Host and path only, since an address may carry a password.
 */
function source(env = process.env): string {
  const address = env.MONGOMS_DOWNLOAD_URL || env.MONGOMS_DOWNLOAD_MIRROR || 'https://fastdl.mongodb.org';
  const { host, pathname } = URL.canParse(address) ? new URL(address) : { host: '', pathname: '' };
  return `${host}${pathname} ${env.MONGOMS_VERSION ?? ''}`.trim();
}
