import { CATALOGUE, type ProblemId } from './problems/catalogue.ts';

/** `note` is worth knowing, `warning` will bite some day, `fault` has to be mended before anything works. */
export type Verdict = 'good' | 'note' | 'warning' | 'fault';

/** One thing the doctor looked at. */
export interface Finding {
  /** Stays the same from version to version, for scripts: 'retryable-writes' */
  readonly id: string;
  /** What was looked at, in a word or two. */
  readonly subject: string;
  readonly verdict: Verdict;
  /** What was seen, in half a sentence. Never a password. */
  readonly words: string;
  /** What to do about it. */
  readonly fix?: string;
}

/** What a layer of the examination found, and what the next one needs; `next` is missing where there is no point in going on. */
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

/** @param fix where the catalogue's general one can be said more exactly */
export const warning = (
  id: ProblemId,
  subject: string,
  words: string,
  fix: string = CATALOGUE[id].fix,
): Finding => ({ id, subject, verdict: 'warning', words, fix });

/** @param fix where the catalogue's general one can be said more exactly */
export const fault = (
  id: ProblemId,
  subject: string,
  words: string,
  fix: string = CATALOGUE[id].fix,
): Finding => ({ id, subject, verdict: 'fault', words, fix });
