/** A problem that the doctor knows by name. */
export interface Problem {
  /** The messages of the driver, the store or the system, with `…` for what differs. Empty where it fails without one. */
  readonly says: readonly string[];
  readonly cause: string;
  readonly fix: string;
  /** The lesson that shows it. */
  readonly lesson?: number;
}
