/** Errors of the engine itself in this process, oldest first. Tests fail on them. */
export const DEFECTS: Error[] = [];
