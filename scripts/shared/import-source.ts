import { pathToFileURL } from 'node:url';

/** Set by scripts/setup/commands.mjs for compiled commands; undefined in tests, which run the sources. */
declare global {
  var workshop: { compiled(file: string): string } | undefined;
}

/** Imports a module of the workshop by a path that is known only at run time. @param file its TypeScript */
export function importSource(file: string): Promise<unknown> {
  return import(globalThis.workshop?.compiled(file) ?? pathToFileURL(file).href);
}
