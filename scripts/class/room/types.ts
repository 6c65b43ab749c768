import type { OwnWords } from '../own-words.ts';
import type { Records } from './records.ts';
import type { KnownLesson } from './wall.ts';

/** All that the pages and answers of a class are made of. */
export interface Room {
  /** The join code, which is the class's ID. */
  readonly code: string;
  readonly password: string;
  readonly sessionSecret: string;
  readonly records: Records;
  readonly lessons: readonly KnownLesson[];
  readonly own: OwnWords;
  /** Where learners reach it: '192.168.1.5:4600'. */
  readonly addresses: readonly string[];
  /** Where its data is kept, in words. */
  readonly keptIn: string;
}
