/** Why a class refuses a request. The learner's side acts on it. */
export type RefusalCode =
  /** No class here has this code. */
  | 'wrong-code'
  /** The nickname is invalid or taken. */
  | 'nickname'
  /** The class knows no learner with this token. */
  | 'unknown'
  /** The class has ended. */
  | 'ended'
  /** The request is malformed. Sending it again does not help. */
  | 'unreadable'
  /** Temporary: its database is away, or there were too many requests. */
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
