import { CATALOGUE, type ProblemId } from './problems/catalogue.ts';
import { type Message, type Problem, textOf } from './problems/problem.ts';

/** A problem that a text tells of, and the message by which it was found. */
export interface Match {
  readonly id: ProblemId;
  /** As the catalogue has it: nothing of the text itself, which may hold a password. Undefined when a code of MongoDB told. */
  readonly message?: string;
}

interface Known {
  readonly id: ProblemId;
  readonly message: string;
  readonly pattern: RegExp;
  readonly echo: boolean;
  /** How many letters tell. Undefined for a pattern of its own: then all that it matches. */
  readonly weight: number | undefined;
}

interface Hit extends Known {
  /** The more, the more exactly it tells. */
  readonly weight: number;
  readonly start: number;
  readonly end: number;
}

/** How much of a log is read, in characters. The first error in it is what counts. */
const LONGEST_TEXT = 100_000;
/** More than these would be no answer. */
const MOST_MATCHES = 3;
/** How much may stand where a message has `…`. */
const GAP = '.{0,300}?';

/**
 * Finds the problems that an error text tells of, whatever stands around it: a stack trace, a time, a prefix of the app's own.
 * @returns the problem of the first error in the text first; several when the message is that of several; none when it is not known
 */
export function lookUp(text: string): Match[] {
  const said = plain(text);
  if (isOfAnotherSystem(said)) return [];
  const hits = KNOWN.flatMap((known) => find(known, said));
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

/** The problem of an error of the driver: by its code, and by its words where several problems have that code, or none. */
export function identify(error: unknown): ProblemId | undefined {
  const coded = idsOfCode(codeOfServer(error));
  if (coded.length === 1) return coded[0];
  const told = lookUp(messageOf(error)).map(({ id }) => id);
  return coded.length > 1 ? told.find((id) => coded.includes(id)) : told[0];
}

/** MongoDB's code of an error, also where driver 6 wraps the server's error in one without; undefined where no server refused. */
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

/** A text that has only a code of MongoDB, as `code: 8000, codeName: 'AtlasError'`. A code of several problems says nothing. */
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
/** What the messages of npm have in common with those of a driver: names and codes of the network. */
const NPM = /\bnpm (?:ERR!|error|warn)/i;

/** An error of another database or of a mail server can have the very words of ours, and another cure. */
function isOfAnotherSystem(said: string): boolean {
  if (NPM.test(said)) return !/ERESOLVE|EINTEGRITY|ENOSPC/.test(said);
  return OTHER_SYSTEMS.test(said) && !OUR_SYSTEMS.test(said);
}

/** The text without colours, curly quotes, escapes of JSON and line breaks: people copy it from anywhere. */
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

const KNOWN: readonly Known[] = (Object.entries(CATALOGUE) as [ProblemId, Problem][]).flatMap(
  ([id, { says }]) => says.map((message) => known(id, message)),
);

function known(id: ProblemId, message: Message): Known {
  const text = textOf(message);
  const own = typeof message === 'string' ? undefined : message.pattern;
  const echo = typeof message !== 'string' && message.echo === true;
  const letters = text.replaceAll('…', '').length;
  const pattern = own ? new RegExp(own, `${own.flags.replace('i', '')}i`) : patternOf(text);
  return { id, message: text, pattern, echo, weight: own ? undefined : letters };
}

/** A message as the catalogue has it, as a pattern: `…` is anything, a space any white space, quotes are alike. */
function patternOf(message: string): RegExp {
  const pieces = message
    .replace(/^[…\s]+|[…\s]+$/g, '')
    .split('…')
    .map((piece) =>
      piece
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replace(/\s+/g, '\\s+')
        .replace(/["'`]/g, '["\'`]'),
    );
  const start = /^\w/.test(message) ? '(?<!\\w)' : '';
  const end = /\w$/.test(message) ? '(?!\\w)' : '';
  return new RegExp(`${start}${pieces.join(GAP)}${end}`, 'i');
}

function find(known: Known, said: string): Hit[] {
  const found = known.pattern.exec(said);
  if (!found) return [];
  const [{ length }] = found;
  // A pattern was written to tell its message from the others.
  return [{ ...known, weight: known.weight ?? length + 1, start: found.index, end: found.index + length }];
}

const overlap = (one: Hit, other: Hit) => one.start < other.end && other.start < one.end;
