const RESPONSE_MS = 8000;

/**
 * How long a shop may take. Only a wrong answer waits this long, and only once: after the first silence of a check the
 * limits are short. On a busy machine each becomes longer (fair-time.ts).
 */
export class TimeLimits {
  /** Until it has answered a request. */
  responseMs = RESPONSE_MS;
  /** Until it listens. */
  listenMs = 15_000;

  /** Call it after a shop was silent for as long as the limit. A shop that is slow to answer keeps its time to open. */
  shorten(which: 'response' | 'listen' = 'response'): void {
    this.responseMs = 1000;
    if (which === 'listen') this.listenMs = 1000;
  }

  /** Call it before a request whose right answer may take long. */
  lengthen(): void {
    this.responseMs = RESPONSE_MS;
  }
}
