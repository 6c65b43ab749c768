import { type Hit, hitsIn } from './known-messages.ts';
import { CATALOGUE, type ProblemId } from './problems/catalogue.ts';
import type { Problem } from './problems/problem.ts';

/** A problem that was found in a text, and the message that led to it. */
export interface Match {
  readonly id: ProblemId;
  /** The message as the catalogue has it, never the text itself, which may contain a password. Undefined when a code of MongoDB was found. */
  readonly message?: string;
}

/** How much of a log is read, in characters. */
const LONGEST_TEXT = 100_000;
/** A longer list would not help. */
const MOST_MATCHES = 3;

/**
 * Finds the problems in an error text. Around the messages there may be a stack trace, times or the app's own words.
 * @returns problems in the order of their messages in the text; several when they share a message; none when no message is known
 */
export function lookUp(text: string): Match[] {
  const said = plain(text);
  if (isOfAnotherSystem(said)) return [];
  const hits = hitsIn(said);
  const telling = hits.some(({ echo }) => !echo) ? hits.filter(({ echo }) => !echo) : hits;
  const best = telling
    .filter((hit) => !telling.some((other) => overlap(hit, other) && other.weight > hit.weight))
    .sort((a, b) => a.start - b.start || b.weight - a.weight);
  const matches = best.length > 0 ? best : byCodeIn(said).map((id) => ({ id, message: undefined }));
  const first = matches.filter(({ id }, i) => matches.findIndex((other) => other.id === id) === i);
  return first
    .slice(0, MOST_MATCHES)
    .map(({ id, message }) => (message === undefined ? { id } : { id, message }));
}

/** The problem of a driver's error: by its code, or by its message when several problems, or none, have that code. */
export function identify(error: unknown): ProblemId | undefined {
  const coded = idsOfCode(codeOfServer(error));
  if (coded.length === 1) return coded[0];
  const told = lookUp(messageOf(error)).map(({ id }) => id);
  return coded.length > 1 ? told.find((id) => coded.includes(id)) : told[0];
}

/** MongoDB's code of an error. Driver 6 may wrap the server's error in one without a code. Undefined when no server refused. */
export function codeOfServer(error: unknown): number | undefined {
  const { code, originalError } = error as { code?: unknown; originalError?: { code?: unknown } };
  const found = [code, originalError?.code].find((each) => typeof each === 'number');
  return found as number | undefined;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const idsOf = (has: (problem: Problem) => boolean): ProblemId[] =>
  (Object.entries(CATALOGUE) as [ProblemId, Problem][])
    .filter(([, problem]) => has(problem))
    .map(([id]) => id);

const idsOfCode = (code: number | undefined): ProblemId[] =>
  code === undefined ? [] : idsOf(({ codes = {} }) => code in codes);

/** The problem of a text that has only a code of MongoDB, such as `code: 8000, codeName: 'AtlasError'`. None for a code of several problems. */
function byCodeIn(said: string): ProblemId[] {
  const name = /\bcodeName["']?: ?["'](\w+)["']/.exec(said)?.[1];
  const code = /mongo/i.test(said) ? /\bcode["']?: ?(\d+)/.exec(said)?.[1] : undefined;
  const ids = name
    ? idsOf(({ codes = {} }) => Object.values(codes).includes(name))
    : idsOfCode(code ? Number(code) : undefined);
  return ids.length === 1 ? ids : [];
}

const OTHER_SYSTEMS =
  /\b(?:sequelize\w*|prisma\w*|postgres\w*|psql|mysql\w*|mariadb|sqlite\w*|typeorm|knex|mssql|smtp|nodemailer|EAUTH|kafka\w*|rabbitmq|amqp\w*|elasticsearch|firebase\w*|ldap\w*|imap|supabase|oracle\w*)\b|\bER_[A-Z_]{4,}|\bORA-\d/i;
const OUR_SYSTEMS = /mongo|bson|redis|express-session|connect\.sid|passport|req\.session/i;
/** npm's messages contain the same network errors as a driver's. */
const NPM = /\bnpm (?:ERR!|error|warn)/i;

/** Errors of other databases and of mail servers can have the same words, but need another fix. */
function isOfAnotherSystem(said: string): boolean {
  if (NPM.test(said)) return !/ERESOLVE|EINTEGRITY|ENOSPC/.test(said);
  return OTHER_SYSTEMS.test(said) && !OUR_SYSTEMS.test(said);
}

/** The text without colours, curly quotes, JSON escapes and line breaks, because people copy it from anywhere. */
function plain(text: string): string {
  return (
    text
      .slice(0, LONGEST_TEXT)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of a terminal begin with one
      .replace(/\u001b\[[\d;]*m/g, '')
      .replace(/[\u201c\u201d\u201e]/g, '"')
      .replace(/[\u2018\u2019]/g, "'")
      .replace(/\\(["'])/g, '$1')
      .replace(/(?:\\n|\s)+/g, ' ')
      .trim()
  );
}

const overlap = (one: Hit, other: Hit) => one.start < other.end && other.start < one.end;
