/**
 * The in-memory Mongo could not be started. That is the environment's fault, never the learner's answer's; the message
 * is one sentence on what went wrong and one on the way out.
 */
export class EngineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'EngineError';
  }
}
