import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the files that the page asks for. */
export const FILES = join(import.meta.dirname, '..', 'page');

/** The styles. They are in the page itself, so that its first paint needs no other request. */
export const STYLES = readFileSync(join(FILES, 'bench.css'), 'utf8');

/** The page's security policy allows the styles by this hash. */
export const STYLES_HASH = `'sha256-${createHash('sha256').update(STYLES).digest('base64')}'`;
