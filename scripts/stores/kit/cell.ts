/** `untested`: not applicable to this store, or not observable. */
export type Verdict = 'ok' | 'bad' | 'untested';

/** The result of one store in one behaviour. */
export interface Cell {
  readonly verdict: Verdict;
  /** A few words for a table. */
  readonly short: string;
  /** What was done and what was seen. */
  readonly evidence: string;
}

export const ok = (short: string, evidence: string): Cell => ({ verdict: 'ok', short, evidence });
export const bad = (short: string, evidence: string): Cell => ({ verdict: 'bad', short, evidence });
export const untested = (short: string, evidence: string): Cell => ({ verdict: 'untested', short, evidence });

const BUSY = 'too busy';
/** The machine was late, which may have caused the result. The scenario is played again. */
export const tooBusy = (evidence: string): Cell => untested(BUSY, evidence);
export const isTooBusy = (cell: Cell | undefined): boolean => cell?.short === BUSY;
