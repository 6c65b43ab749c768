/** Something that is missing or wrong in a lesson, as an author reads it. */
export interface Problem {
  /** 'lessons/03-session-config/hints.md' */
  readonly where: string;
  /** What is wrong, and what would be right. */
  readonly what: string;
}
