/** `untested`: it does not apply to this store, or could not be seen. */
export type Verdict = 'ok' | 'bad' | 'untested';

/** What one store does in one behaviour. */
export interface Cell {
  readonly verdict: Verdict;
  /** A few words for a table. */
  readonly short: string;
  /** What was done, and what was seen. */
  readonly evidence: string;
}

export const ok = (short: string, evidence: string): Cell => ({ verdict: 'ok', short, evidence });
export const bad = (short: string, evidence: string): Cell => ({ verdict: 'bad', short, evidence });
export const untested = (short: string, evidence: string): Cell => ({ verdict: 'untested', short, evidence });
