/** The time in a check: the machine's, plus what the steps have let pass. It never goes back. */
export class Clock {
  #ahead = 0;

  /** How far it is ahead of the machine's clock, in milliseconds. */
  get ahead(): number {
    return this.#ahead;
  }

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  passes(ms: number): void {
    this.#ahead += ms;
  }
}
