import { CATALOGUE, type ProblemId } from './problems/catalogue.ts';

/** `note` is information, `warning` may cause an error later, `fault` must be fixed before anything works. */
export type Verdict = 'good' | 'note' | 'warning' | 'fault';

/** The result of one examination. */
export interface Finding {
  /** The same in every version, for scripts: 'retryable-writes' */
  readonly id: string;
  /** What was examined, in one or two words. */
  readonly subject: string;
  readonly verdict: Verdict;
  /** What was seen, as half a sentence. It never contains a password. */
  readonly words: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** The findings of one layer, and the input of the next one: `next` is missing when the examination ends here. */
export interface Layer<T> {
  readonly findings: Finding[];
  readonly next?: T;
}

export const good = (id: string, subject: string, words: string): Finding => ({
  id,
  subject,
  verdict: 'good',
  words,
});

export const note = (id: string, subject: string, words: string): Finding => ({
  id,
  subject,
  verdict: 'note',
  words,
});

/** @param fix replaces the catalogue's general fix with a more exact one */
export const warning = (
  id: ProblemId,
  subject: string,
  words: string,
  fix: string = CATALOGUE[id].fix,
): Finding => ({ id, subject, verdict: 'warning', words, fix });

/** @param fix replaces the catalogue's general fix with a more exact one */
export const fault = (
  id: ProblemId,
  subject: string,
  words: string,
  fix: string = CATALOGUE[id].fix,
): Finding => ({ id, subject, verdict: 'fault', words, fix });
