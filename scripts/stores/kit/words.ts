import type { Outcome } from './protocol.ts';

/** Whether a get() gave a session. */
export function isFound({ threw, error, callbacks, value }: Outcome): boolean {
  return (
    threw === undefined && error === undefined && callbacks > 0 && typeof value === 'object' && value !== null
  );
}

/** Whether a get() said that there is no session: express-session takes the error ENOENT for that as well. */
export function isNone(outcome: Outcome): boolean {
  return (isDone(outcome) && !isFound(outcome)) || (outcome.error?.includes('ENOENT') ?? false);
}

/** Whether a call came to a good end. */
export function isDone({ threw, rejected, error, callbacks }: Outcome): boolean {
  return threw === undefined && rejected === undefined && error === undefined && callbacks > 0;
}

/** The fields of the session that a get() gave, without its cookie; undefined when it gave none. */
export function dataOf(outcome: Outcome): Record<string, unknown> | undefined {
  if (!isFound(outcome)) return undefined;
  const { cookie, ...data } = outcome.value as Record<string, unknown>;
  return data;
}

/** What came of a call: `(null, undefined) after 0.0 s`, `throws TypeError: …`, `no callback in 10 s`. */
export function inWords({ threw, rejected, callbacks, ms, args }: Outcome): string {
  if (threw !== undefined) return `throws ${threw}`;
  if (rejected !== undefined) return `no callback, a promise rejected with ${rejected}`;
  if (callbacks === 0) return `no callback in ${seconds(ms)}`;
  return `${callbacks > 1 ? `${callbacks} callbacks, first ` : ''}${args} after ${seconds(ms)}`;
}

/** The same in a few words for a table. */
export function inShort({ threw, rejected, error, callbacks, ms }: Outcome): string {
  if (threw !== undefined) return 'throws';
  if (rejected !== undefined) return 'rejects';
  if (callbacks === 0) return `silent for ${seconds(ms)}`;
  return `${error === undefined ? 'no error' : 'error'} after ${seconds(ms)}`;
}

export const seconds = (ms: number) =>
  ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;

/** A time span in the largest unit that fits: 24.0 h, 14.0 days. */
export function span(ms: number): string {
  const [unit, words] =
    ms > 48 * 3_600_000 ? [86_400_000, 'days'] : ms > 7_200_000 ? [3_600_000, 'h'] : [1000, 's'];
  return `${(ms / unit).toFixed(1)} ${words}`;
}
