import type { ShopConfig } from '#shop/config.ts';
import type { Exchange } from './exchange.ts';
import type { Stage } from './stage.ts';

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

/** What is wrong, for the four things a failing step says. */
export interface Doubt {
  /** The exchange it is about: says what was sent and what came back. */
  readonly after?: Exchange;
  /** In place of the exchange's own words. */
  readonly sent?: string;
  readonly got?: string;
  /** The likely mistake, as a sentence to the learner. */
  readonly likely: string;
  /** Where to look: the first line of the answer that matches one of these, tried in order. */
  readonly look?: RegExp | readonly RegExp[];
  /** The shop itself broke down: no page came that a check could have looked at. */
  readonly crashed?: true;
  /** In place of look: the exact place in the answer, when an error named it. */
  readonly at?: { readonly file: string; readonly line: number | undefined };
}

/** The answer is not right yet. */
export class StepFailure extends Error {
  readonly doubt: Doubt;
  constructor(doubt: Doubt) {
    super(doubt.likely);
    this.doubt = doubt;
  }
}

/** The step cannot be graded on this machine, which lacks something that the workshop does not bring along. */
export class StepSkipped extends Error {}

/** Goes on when the condition holds; else the step fails with these words. */
export function must(condition: unknown, doubt: Doubt): asserts condition {
  if (!condition) throw new StepFailure(doubt);
}
