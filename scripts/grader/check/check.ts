import type { ShopConfig } from '#shop/config.ts';
import type { Stage } from './stage.ts';

export { type FailureDetails, must, needs, StepFailure, StepSkipped } from './failure.ts';

/** One graded behaviour of a lesson. */
export interface Step {
  /** '3.2' */
  readonly id: string;
  /** The behaviour, as a sentence without a full stop: 'the cart survives a restart'. */
  readonly name: string;
  /** Plays the step. Resolves with what it proved; throws StepFailure when the answer is not right yet, StepSkipped when this machine cannot grade it. */
  readonly play: (stage: Stage) => Promise<string>;
}

/** What is set up while a lesson is open, beyond the shop and its database: deployments to connect to, say. */
export interface Opening {
  /** The part of the shop's config that it sets. */
  readonly config?: Partial<ShopConfig>;
  /** What the learner reads about it, a line each. */
  readonly say?: readonly string[];
  close(): Promise<void>;
}

/** A lesson's check: what every check file exports as its default. */
export interface Check {
  readonly steps: readonly Step[];
  /** Whether a failing step shows what Mongo holds and was asked. */
  readonly showsMongo: boolean;
  /** The names of the instances that `npm run lesson` shows side by side, behind a balancer. Default: one without a name. */
  readonly instances?: readonly string[];
  /**
   * Sets up what `npm run lesson` needs to show the lesson by hand.
   * @param engineUri an in-memory Mongo, mongodb://127.0.0.1:PORT/
   */
  readonly opens?: (engineUri: string) => Promise<Opening>;
}

/**
 * Defines a lesson's check. Steps are graded in the order they are written, each with its own shoppers.
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
