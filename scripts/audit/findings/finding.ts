import type { FindingId } from './catalogue.ts';

/** `mend` is a defect, `advise` a weakness or a matter of choice, `not-tested` has its reason in `seen`. */
export type Verdict = 'ok' | 'mend' | 'advise' | 'not-tested';

/** One result of the audit. */
export interface Finding {
  readonly id: FindingId;
  readonly verdict: Verdict;
  /** What was seen, in a sentence; for `not-tested` why not. */
  readonly seen: string;
  /** What was sent, what came back, what the store got: a line each. Never a whole secret. */
  readonly evidence: readonly string[];
  /** Whether it depends on a guess, such as from the name of a field, and not only on behaviour. */
  readonly heuristic: boolean;
  /** The fix, where what was seen says more than the catalogue. */
  readonly fix?: string;
}

/** Thrown by a check that cannot be made. */
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
