import { type FailureDetails, StepFailure } from '#grader/check/check.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';

const LISTENER = /\.on\('error'/;

/**
 * For a shop whose process ended because its Redis was away: the same failure, with the likely mistake.
 * @param look where in the answer the client is made
 */
export function endedByError(
  shop: RunningShop,
  look: NonNullable<FailureDetails['look']>,
): (error: unknown) => never {
  return (error) => {
    const ended = error instanceof StepFailure && error.details.got?.includes('process ended');
    if (!ended || !shop.line(/Unhandled 'error' event/)) throw error;
    const { at, ...details } = error.details;
    throw new StepFailure({
      ...details,
      likely:
        'The client emits an error event when Redis goes away, and one that nobody listens to ends the process, with every request in it. client.on("error", …) is enough.',
      look: [LISTENER, ...[look].flat()],
    });
  };
}
