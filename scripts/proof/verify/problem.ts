/** Something that is missing or wrong in a lesson, in the words for its author. */
export interface Problem {
  /** 'lessons/03-session-config/hints.md' */
  readonly where: string;
  /** What is wrong, and what is right. */
  readonly what: string;
}
