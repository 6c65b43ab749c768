import { pathToFileURL } from 'node:url';

/** What scripts/setup/commands.mjs tells a command that was compiled; undefined in tests, which run the sources. */
declare global {
  var workshop: { compiled(file: string): string } | undefined;
}

/** Imports a module of the workshop whose path is known only now. @param file its TypeScript */
export function importSource(file: string): Promise<unknown> {
  return import(globalThis.workshop?.compiled(file) ?? pathToFileURL(file).href);
}
