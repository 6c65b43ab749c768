/** A change that makes a mutant of a file: it replaces the text between two positions. */
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
