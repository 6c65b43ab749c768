import { codeOf } from '../shared/error-code.ts';
import { moreTime } from '../shared/fair-time.ts';
import { type Finding, note } from './finding.ts';
import { within } from './within.ts';

/** The limit of each part of an examination, in milliseconds. The parts run one after the other, within 40 s. On a busy machine `machine` is up to three times as long. */
export const LIMITS: Readonly<Record<'pipe' | 'start' | 'kit' | 'machine' | 'connection', number>> = {
  /** A text on stdin that was not asked for. */
  pipe: 1000,
  /** Starts of a program, which show a slow machine. */
  start: 3000,
  /** Checksums of a kit's files: a kit may have 500 MB. */
  kit: 5000,
  /** The other examinations of the machine, in parallel. */
  machine: 7000,
  /** All waits for the connection string together. */
  connection: 22_000,
};

/**
 * The findings of one look at the machine, or a note that it took too long: the other looks do not wait for it.
 * @param beyond the extra time on a busy machine, in milliseconds
 */
export async function inTime(
  limit: number,
  id: string,
  subject: string,
  look: Promise<Finding | Finding[]>,
  beyond: (limit: number) => number = moreTime,
): Promise<Finding[]> {
  let waited = 0;
  for (let more = limit; more > 0; more = waited === limit ? beyond(limit) : 0) {
    try {
      return [await within(more, look)].flat();
    } catch (error) {
      if (codeOf(error) !== 'ETIMEOUT') throw error;
      waited += more;
    }
  }
  return [note(id, subject, `not known: no answer within ${waited / 1000} s`)];
}
