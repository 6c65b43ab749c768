import { type MongoClient, MongoNetworkError } from 'mongodb';
import { type Finding, fault } from './finding.ts';
import { codeOfServer, identify } from './look-up.ts';
import { CATALOGUE } from './problems/catalogue.ts';

/** What a refusal is judged by, besides its own code and words. */
export interface Circumstances {
  readonly client: MongoClient;
  /** The string names a database. */
  readonly named: boolean;
  readonly redact: (text: string) => string;
}

/** A server may quote whole documents; so much of its words is shown, in characters. */
const LONGEST_WORDS = 240;

/** The error in the server's or the driver's own words, redacted. */
export function wordsOf(error: unknown, redact: (text: string) => string): string {
  const { message, codeName } = error as Error & { codeName?: string };
  const code = codeOfServer(error);
  const said = redact(message.replace(/\s+/g, ' ').trim());
  const short = said.length > LONGEST_WORDS ? `${said.slice(0, LONGEST_WORDS)}…` : said;
  if (code === undefined) return `the driver says: ${short}`;
  // A code without a name is called by its number: Location4711.
  const name = codeName && !codeName.startsWith('Location') ? `, ${codeName}` : '';
  return `the server says: ${short} (code ${code}${name})`;
}

/**
 * What was refused, as a finding: by the problem that its code or its words name. One that is not known is shown with its words, and gets
 * no fix of something else.
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
