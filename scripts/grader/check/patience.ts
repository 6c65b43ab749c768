/**
 * How long a shop may take, in milliseconds. Only a wrong answer ever waits this long, and only once: after the first
 * silence of a check the limits are short ones.
 */
export class Patience {
  /** Until it has answered a request. */
  limit = 8000;
  /** Until it listens. */
  opening = 15_000;

  /** The shop was silent for as long as the limit. */
  lose(): void {
    this.limit = 1000;
    this.opening = 1000;
  }
}
