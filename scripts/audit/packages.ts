import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fetchPackages, findPackage } from '../shared/fetched-packages.ts';

const AUDIT_PACKAGES = {
  folder: 'audit-packages',
  pinned: join(import.meta.dirname, 'packages'),
  about: [
    'Fetching what the audit needs from npm: parse5 reads the pages of your app. 1 MB, once, into',
    '.workshop/audit-packages. Ctrl+C stops it.',
  ],
  named: 'What the audit needs',
  otherwise: 'The lessons need none of it.',
};

type Parser = typeof import('parse5');
let parser: Parser | undefined;

/**
 * Fetches the HTML parser, unless it is there, and loads it.
 * @returns false when a signal stopped npm
 * @throws {EnvironmentError} when npm cannot fetch it
 */
export async function loadParser(say: (line: string) => void): Promise<boolean> {
  if (!findPackage(AUDIT_PACKAGES, 'parse5') && !(await fetchPackages(AUDIT_PACKAGES, say))) return false;
  parser = await import(pathToFileURL(findPackage(AUDIT_PACKAGES, 'parse5') ?? '').href);
  return true;
}

/** @throws {Error} when the parser was not loaded */
export function parserOfPages(): Parser {
  if (!parser) throw new Error('the parser is not there: loadParser() comes first');
  return parser;
}
