/** Why a class refuses a request. The learner's side acts on it. */
export type RefusalCode =
  /** The code of no class here. */
  | 'wrong-code'
  /** A nickname that cannot be, or that somebody has. */
  | 'nickname'
  /** The class knows no learner with this token. */
  | 'unknown'
  /** The class has ended. */
  | 'ended'
  /** The request is malformed. Sending it again does not help. */
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
