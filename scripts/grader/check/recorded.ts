/**
 * A change to a solution's file: the whole new text, or edits of what is there, each from a text that occurs exactly
 * once to another.
 */
export type Change = string | readonly (readonly [from: string, to: string])[];

/** An answer whose verdict is known: the solution with changes, by file name. */
export interface RecordedAnswer {
  /** The mistake, or what the other right way is, in words. */
  readonly name: string;
  readonly changes: Readonly<Record<string, Change>>;
  /** What a wrong answer must get: the first step that fails, and words of its message. */
  readonly fails?: { readonly step: string; readonly says: string };
  /** A right answer that only a real mongod can grade: what the embedded engine lacks, in the engine's words. */
  readonly lacking?: string;
}

/** A wrong answer: the step it must fail at first, and words that its message must say. */
export function wrong(
  name: string,
  changes: RecordedAnswer['changes'],
  step: string,
  says: string,
): RecordedAnswer {
  return { name, changes, fails: { step, says } };
}

/** A right answer of another shape than ours: it must pass. */
export function right(name: string, changes: RecordedAnswer['changes']): RecordedAnswer {
  return { name, changes };
}

/**
 * A right answer that uses what the embedded engine lacks. There the grader must say so and not fail it; on a mongod it must pass.
 * @param lacking the engine's own words for it: "the pipeline stage $facet"
 */
export function rightOnMongod(
  name: string,
  changes: RecordedAnswer['changes'],
  lacking: string,
): RecordedAnswer {
  return { name, changes, lacking };
}

/**
 * The files that a recorded answer changes.
 * @param read gives the text of a file of the solution laid over the starter
 * @throws Error when an edit does not fit, because the solution was changed and the answer was not
 */
export function filesOf(answer: RecordedAnswer, read: (file: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(answer.changes).map(([file, change]) => {
      if (typeof change === 'string') return [file, change];
      return [file, change.reduce((text, edit) => edited(answer.name, file, text, edit), read(file))];
    }),
  );
}

function edited(name: string, file: string, text: string, [from, to]: readonly [string, string]): string {
  const count = text.split(from).length - 1;
  if (count !== 1) {
    throw new Error(
      `Answer "${name}": this text stands ${count} times in the solution's ${file}, not once: ${from}`,
    );
  }
  return text.replace(from, () => to);
}
