/** A secret that is in a log. */
export interface Leak {
  /** 'the session ID' */
  readonly what: string;
  /** The line it is in, shortened. */
  readonly line: string;
}

/**
 * Looks for secrets in what a shop has printed.
 * @param secrets by what each is, in words; empty ones are skipped
 * @returns the first that is found
 */
export function leakIn(printed: string, secrets: Readonly<Record<string, string>>): Leak | undefined {
  for (const [what, secret] of Object.entries(secrets)) {
    const line = secret && printed.split('\n').find((each) => each.includes(secret));
    if (line) return { what, line: line.trim().slice(0, 100) };
  }
  return undefined;
}
