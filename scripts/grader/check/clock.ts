/** What time it is in a check: the machine's, and as far ahead of it as the steps have let time pass. It never goes back. */
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
