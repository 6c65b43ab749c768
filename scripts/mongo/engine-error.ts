/**
 * The in-memory Mongo could not be started. That is the environment's fault, never the learner's answer's; the message
 * is one sentence about the problem and one about the solution.
 */
export class EngineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EngineError';
  }
}

/** Thrown when there is no mongod here and none could be downloaded. `reason` is half a sentence, such as "example.org cannot be reached (ENOTFOUND)". */
export class DownloadFailed extends EngineError {
  readonly reason: string;
  constructor(reason: string) {
    super(`There is no mongod on this machine and ${reason}. WORKSHOP_MONGO=embedded does without it.`);
    this.name = 'DownloadFailed';
    this.reason = reason;
  }
}
