/** What grading says of a step or a lesson. `error` is the environment's fault, never the answer's. */
export type VerdictWord = 'pass' | 'fail' | 'error' | 'skipped';

/** Why a step failed: what was sent, what came back, the likely mistake, where to look. */
export interface Failure {
  sent: string;
  got: string;
  /** What the database holds and which commands it received, where the lesson has one. */
  mongo?: string;
  /** The same of Redis, in a step that plays on one. */
  redis?: string;
  likely: string;
  /** 'work/03-session-config/app.ts:31' */
  look: string;
}

export interface StepVerdict extends Partial<Failure> {
  /** '3.2' */
  id: string;
  name: string;
  verdict: VerdictWord;
  /** On a pass: what it proved. */
  proved?: string;
  /** On an error or a skip: why it was not graded. */
  reason?: string;
  /** On an error: what the answer uses and the embedded engine lacks. A real mongod grades this answer. */
  unsupported?: string;
  /** On a failure: the shop itself broke down, so the check never came to its own words. */
  crashed?: true;
  /** On a failure: the step that has to pass first. '9.4' */
  waitsFor?: string;
  /** On a failure: the command that nudges. */
  hint?: string;
}

export interface LessonVerdict {
  number: number;
  slug: string;
  title: string;
  /** The graded folder, as shown: 'work/03-session-config' */
  answer: string;
  verdict: VerdictWord;
  /** On a pass: why it matters. */
  why?: string;
  ms: number;
  steps: StepVerdict[];
}

/** One lesson's verdict from its steps': an error outweighs a failure, and both a pass. */
export function verdictOf(steps: readonly { verdict: VerdictWord }[]): VerdictWord {
  for (const word of ['error', 'fail', 'pass'] as const) {
    if (steps.some((step) => step.verdict === word)) return word;
  }
  return 'skipped';
}
