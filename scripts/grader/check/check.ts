import type { ShopConfig } from '#shop/config.ts';
import type { Stage } from './stage.ts';

export { type Doubt, must, StepFailure, StepSkipped } from './failure.ts';

/** One graded behaviour of a lesson. */
export interface Step {
  /** '3.2' */
  readonly id: string;
  /** The behaviour, as a sentence without a full stop: 'the cart survives a restart'. */
  readonly name: string;
  /** Plays the step. Resolves with what it proved; throws StepFailure when the answer is not right yet, StepSkipped when it cannot tell. */
  readonly play: (stage: Stage) => Promise<string>;
}

/** What stands ready while a lesson is open, beyond the shop and its database: deployments to connect to, say. */
export interface Opening {
  /** What the shop is told of it. */
  readonly config?: Partial<ShopConfig>;
  /** What the learner is told of it, a line each. */
  readonly say?: readonly string[];
  close(): Promise<void>;
}

/** A lesson's check: what every check file exports as its default. */
export interface Check {
  readonly steps: readonly Step[];
  /** Whether a failing step shows what Mongo holds and was asked. */
  readonly showsMongo: boolean;
  /** The names of the instances that `npm run lesson` shows side by side, behind a balancer. One without a name, unless said. */
  readonly instances?: readonly string[];
  /**
   * Sets up what `npm run lesson` needs to show the lesson by hand.
   * @param engineUri an in-memory Mongo, mongodb://127.0.0.1:PORT/
   */
  readonly opens?: (engineUri: string) => Promise<Opening>;
}

/**
 * Defines a lesson's check. Steps are graded in the order they are written, each with shoppers of its own.
 * @param write calls `step(id, name, play)` once a step
 */
export function defineCheck(
  write: (step: (id: string, name: string, play: Step['play']) => void) => void,
  { showsMongo = true, ...rest }: Partial<Omit<Check, 'steps'>> = {},
): Check {
  const steps: Step[] = [];
  write((id, name, play) => steps.push({ id, name, play }));
  return { steps, showsMongo, ...rest };
}
