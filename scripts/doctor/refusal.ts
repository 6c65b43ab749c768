import { type MongoClient, MongoNetworkError } from 'mongodb';
import { type Finding, fault } from './finding.ts';
import { codeOfServer, identify } from './look-up.ts';
import { CATALOGUE } from './problems/catalogue.ts';

/** What explains a refusal, besides its code and words. */
export interface Circumstances {
  readonly client: MongoClient;
  /** Whether the string names a database. */
  readonly named: boolean;
  readonly redact: (text: string) => string;
}

/** How many characters of a server's message are shown: it may quote whole documents. */
const LONGEST_WORDS = 240;

/** The error in the server's or the driver's own words, without secrets. */
export function wordsOf(error: unknown, redact: (text: string) => string): string {
  const { message, codeName } = error as Error & { codeName?: string };
  const code = codeOfServer(error);
  const said = redact(message.replace(/\s+/g, ' ').trim());
  const short = said.length > LONGEST_WORDS ? `${said.slice(0, LONGEST_WORDS)}…` : said;
  if (code === undefined) return `the driver says: ${short}`;
  // The name of an unnamed code is Location and its number: Location4711.
  const name = codeName && !codeName.startsWith('Location') ? `, ${codeName}` : '';
  return `the server says: ${short} (code ${code}${name})`;
}

/**
 * The finding for a refusal: the problem that its code or its words name. An unknown error is shown with its words, and without
 * the fix of another problem.
 */
export function refused(error: unknown, subject: string, { client, named, redact }: Circumstances): Finding {
  const words = wordsOf(error, redact);
  const id = identify(error) ?? 'server-error';
  if (id === 'permission' || id === 'credentials') {
    if (!client.options.credentials) {
      const fix = 'Write mongodb://USER:PASSWORD@HOST/…, both encoded.';
      return fault('credentials', 'log-in', `the string names no user, and ${words}`, fix);
    }
    if (!named) {
      return fault('database-name', 'database', `none named: that leads to "test", and ${words}`);
    }
  }
  if (id === 'silent' && error instanceof MongoNetworkError) {
    return fault('silent', subject, `connected, but ${words}`);
  }
  return fault(id, subject, words, CATALOGUE[id].fix);
}
