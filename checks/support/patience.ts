/**
 * How long a shop may take to answer, in milliseconds. Only a wrong answer ever waits this long, and only once: after
 * the first silence of a check the limit is a short one.
 */
export class Patience {
  limit = 8000;

  /** The shop was silent for as long as the limit. */
  lose(): void {
    this.limit = 1500;
  }
}
