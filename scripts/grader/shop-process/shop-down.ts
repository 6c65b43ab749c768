/** Why a shop is not there: it did not open, or it ended. The message is for the learner. */
export class ShopDown extends Error {
  /** 'unloaded' or 'failed' with the learner's own error, 'ended' by itself, 'silent' past the limit, 'port-taken'. */
  readonly kind: 'unloaded' | 'failed' | 'ended' | 'silent' | 'port-taken';
  /** What it printed, and the stack of what it threw. */
  readonly output: string;

  constructor(kind: ShopDown['kind'], message: string, output: string) {
    super(message);
    this.kind = kind;
    this.output = output;
  }
}
