/** A change to a file that makes a mutant of it: what stands between two places is replaced. */
export interface Edit {
  /** What kind of change it is: 'BooleanLiteral', 'StatementRemoval' … */
  readonly operator: string;
  /** Where it begins and ends in the text. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** The text with the change made. */
export function edited(text: string, { start, end, replacement }: Edit): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
