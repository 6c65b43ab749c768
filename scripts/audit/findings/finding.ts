import type { FindingId } from './catalogue.ts';

/** `mend` has to be mended, `advise` is weaker than it should be or a matter of choice, `not-tested` says why in `seen`. */
export type Verdict = 'ok' | 'mend' | 'advise' | 'not-tested';

/** One thing that the audit looked at. */
export interface Finding {
  readonly id: FindingId;
  readonly verdict: Verdict;
  /** What was seen, in a sentence; for `not-tested` why not. */
  readonly seen: string;
  /** What was sent, what came back, what the store got: a line each. Never a whole secret. */
  readonly evidence: readonly string[];
  /** It rests on a likeness, such as the name of a field, and not on behaviour alone. */
  readonly heuristic: boolean;
}

/** Thrown by a check that cannot see what it asks for. */
export class NotTestable extends Error {}

const make =
  (verdict: Verdict) =>
  (id: FindingId, seen: string, evidence: readonly string[] = [], heuristic = false): Finding => ({
    id,
    verdict,
    seen,
    evidence,
    heuristic,
  });

export const ok = make('ok');
export const mend = make('mend');
export const advise = make('advise');
export const notTested = (id: FindingId, why: string): Finding => make('not-tested')(id, why);
