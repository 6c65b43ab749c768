/** Something that has no business in a log, and is there. */
export interface Leak {
  /** 'the session ID' */
  readonly what: string;
  /** The line it is in, cut. */
  readonly line: string;
}

/**
 * Looks for secrets in what a shop has printed.
 * @param secrets by what each is, in words; an empty one is not looked for
 * @returns the first that is found
 */
export function leakIn(printed: string, secrets: Readonly<Record<string, string>>): Leak | undefined {
  for (const [what, secret] of Object.entries(secrets)) {
    const line = secret && printed.split('\n').find((each) => each.includes(secret));
    if (line) return { what, line: line.trim().slice(0, 100) };
  }
  return undefined;
}
