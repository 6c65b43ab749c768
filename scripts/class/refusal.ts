/** Why a class refuses what a learner sent, for the learner's side to act on. */
export type RefusalCode =
  /** The code of no class here. */
  | 'wrong-code'
  /** A nickname that cannot be, or that somebody has. */
  | 'nickname'
  /** The class knows no learner with this token. */
  | 'unknown'
  /** The class has ended. */
  | 'ended'
  /** What was sent is not what a class takes, and will not be at another time. */
  | 'unreadable'
  /** Not now: its database is away, or too much came at once. */
  | 'later';

/** A learner's request that a class refuses. Its message is for the learner. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  constructor(status: number, code: RefusalCode, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
