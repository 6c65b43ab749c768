/** Exit codes of every command; `interrupted` is what a shell expects of a program that Ctrl+C ended. */
export const EXIT = { ok: 0, notYet: 1, usage: 2, environment: 3, interrupted: 130 } as const;

/** The command was used wrongly. The message names what was given and what is right. */
export class UsageError extends Error {
  readonly exitCode = EXIT.usage;
}

/** The machine, not the answer: no free port, an unwritable folder, an engine that does not start. */
export class EnvironmentError extends Error {
  readonly exitCode = EXIT.environment;
}
