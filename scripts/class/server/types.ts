import type { RedactLikely } from '../redact-likely.ts';
import type { KnownLesson } from './dashboard.ts';
import type { Records } from './records.ts';

/** What the routes of a class need. */
export interface ClassContext {
  /** The join code, which is the class's ID. */
  readonly code: string;
  readonly password: string;
  readonly sessionSecret: string;
  readonly records: Records;
  readonly lessons: readonly KnownLesson[];
  readonly own: RedactLikely;
  /** The addresses for learners: '192.168.1.5:4600'. */
  readonly addresses: readonly string[];
  /** Where the data is stored, as text for the page. */
  readonly keptIn: string;
}
