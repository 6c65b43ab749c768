import type { Outcome, Timer } from './protocol.ts';

/** Whether a get() returned a session. */
export function isFound({ threw, error, callbacks, value }: Outcome): boolean {
  return (
    threw === undefined && error === undefined && callbacks > 0 && typeof value === 'object' && value !== null
  );
}

/** Whether a get() said that there is no session: for express-session the error ENOENT means that as well. */
export function isNone(outcome: Outcome): boolean {
  return (isDone(outcome) && !isFound(outcome)) || (outcome.error?.includes('ENOENT') ?? false);
}

/** Whether a call succeeded. */
export function isDone({ threw, rejected, error, callbacks }: Outcome): boolean {
  return threw === undefined && rejected === undefined && error === undefined && callbacks > 0;
}

/** Whether a call neither called back nor failed within its limit. */
export function isSilent({ threw, rejected, callbacks }: Outcome): boolean {
  return callbacks === 0 && threw === undefined && rejected === undefined;
}

/** The fields of the session that a get() returned, without its cookie; undefined when there was none. */
export function dataOf(outcome: Outcome): Record<string, unknown> | undefined {
  if (!isFound(outcome)) return undefined;
  const { cookie, ...data } = outcome.value as Record<string, unknown>;
  return data;
}

/** The outcome of a call: `(null, undefined) after 0.0 s`, `throws TypeError: …`, `no callback in 10 s`. */
export function describeOutcome({ threw, rejected, isFulfilled, callbacks, ms, args }: Outcome): string {
  if (threw !== undefined) return `throws ${threw}`;
  if (rejected !== undefined) {
    const called = callbacks === 0 ? 'no callback' : `${args} after ${seconds(ms)}`;
    return `${called}, and a promise rejected with ${rejected}, which would end the process`;
  }
  if (callbacks === 0) {
    const only = isFulfilled
      ? ', only a promise that was fulfilled: express-session waits for the callback'
      : '';
    return `no callback in ${seconds(ms)}${only}`;
  }
  return `${callbacks > 1 ? `${callbacks} callbacks, first ` : ''}${args} after ${seconds(ms)}`;
}

/** The outcome in a few words, for a table. */
export function inShort({ threw, rejected, error, callbacks, ms }: Outcome): string {
  if (threw !== undefined) return 'throws';
  if (rejected !== undefined) return 'rejects';
  if (callbacks === 0) return `silent for ${seconds(ms)}`;
  return `${error === undefined ? 'no error' : 'error'} after ${seconds(ms)}`;
}

export const seconds = (ms: number) =>
  ms < 9950 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`;

/** A time span in the largest unit of which it has at least two: 90.0 s, 30.0 min, 24.0 h, 14.0 days. */
export function span(ms: number): string {
  const units = [
    [86_400_000, 'days'],
    [3_600_000, 'h'],
    [60_000, 'min'],
  ] as const;
  const [unit, words] = units.find(([unit]) => ms > 1.999 * unit) ?? [1000, 's'];
  return `${(ms / unit).toFixed(1)} ${words}`;
}

export const describeTimer = ({ kind, ms, holds, by }: Timer) =>
  `${kind} ${Math.round(ms / 1000)} s of ${by}${holds ? '' : ' (unref)'}`;
