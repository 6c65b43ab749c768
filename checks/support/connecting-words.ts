import { randomBytes } from 'node:crypto';
import type { Stage } from '#grader/check/stage.ts';
import type { Environment } from '#shop/config.ts';
import type { Tap, TappedCommand } from '../../scripts/mongo/tap.ts';
import { loginsAt, open } from './connecting.ts';

// Likely reasons why a shop of lesson 4 did not get into its database, and what it may not print.

/** The user of the databases with a login. Its @ must be encoded. */
export const USER = 'ann@session-shop.test';

/** A unique word that is the same in every encoding. */
export function secretWord(): string {
  return randomBytes(12).toString('hex');
}

/** The first line that contains one of the words. */
export function lineWith(words: readonly string[], ...texts: readonly string[]): string | undefined {
  const lines = texts.flatMap((text) => text.split('\n'));
  return lines.find((line) => words.some((word) => line.includes(word)));
}

/** The variables of a shop that builds its connection string from parts. */
export function partsOf(tap: Tap, password: string): Environment {
  return { MONGODB_USER: USER, MONGODB_PASSWORD: password, MONGODB_HOST: new URL(tap.uri).host };
}

/** An error of the driver or of URL, not one of the answer's own. */
const OF_THE_DRIVER = /\bMongo\w*Error\b|\bInvalid URL\b/;
/** What an answer's own error says when its parser fails. */
const NO_STRING = /mongodb(?:\+srv)?:\/\/|connection string|scheme|invalid|parse/i;

/** The variables that readConfig reads. */
const KNOWN = ['MONGODB_URI', 'MONGODB_HOST', 'MONGODB_USER', 'MONGODB_PASSWORD', 'SESSION_SECRET'];

/** The likely mistake by the answer's own error, when that is not about the step. @param got why it did not open */
export function likelyOwnError(got: string): string | undefined {
  if (!/did not open/.test(got)) return undefined;
  const other =
    got.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g)?.find((word) => !/^ERR_/.test(word) && !KNOWN.includes(word)) ??
    got.match(/\b[A-Z]{2,}\b(?= is (?:missing|not set|required|empty|undefined))/)?.[0];
  if (other) return `The shop asks for ${other}. The variables are called ${KNOWN.join(', ')}.`;
  if (/reading 'mongodbUri'/.test(got))
    return 'readConfig returned nothing. It ends with the config: return { mongodbUri, sessionSecret }.';
  if (/URI malformed/.test(got))
    return 'Something is URL-decoded that is not encoded: decodeURIComponent() throws at a % that stands for itself. The variables are taken as they are; user and password are encoded, once.';
  return undefined;
}

/** Why a shop did not open with valid variables, or did not connect to their database. @param names of the variables */
export function likelyRefused(got: string, names: readonly string[]): string {
  if (!/did not open/.test(got))
    return 'The shop did not connect to the address in env.MONGODB_URI. readConfig returns that as mongodbUri, and the secret as sessionSecret: under other names nobody finds them.';
  const own = likelyOwnError(got);
  if (own) return own;
  const other = names.includes('MONGODB_HOST')
    ? undefined
    : got.match(/\bMONGODB_(?:HOST|USER|PASSWORD)\b/)?.[0];
  if (other) return `The shop asks for ${other}, and it was given ${names.join(' and ')}, which is enough.`;
  const notTaken = 'readConfig is given them: env.MONGODB_URI. In process.env there are none.';
  const changed =
    'If they were taken from there, the string was damaged on its way: encodeURIComponent() of the whole makes mongodb%3A%2F%2F of mongodb://. Only user and password are encoded, and here they are already.';
  const isUnread = OF_THE_DRIVER.test(got) || NO_STRING.test(got);
  return `These variables are sound, and the shop did not open with them. ${notTaken}${isUnread ? ` ${changed}` : ''}`;
}

/** Why an index is not in the database shop. @param nameless the sentence for a connection string without a name */
export function likelyOtherName({ db }: TappedCommand, nameless: string): string {
  return db === 'test'
    ? nameless
    : `The shop went to a database called "${db}". Its name is shop, and nothing else.`;
}

/** An error without the connection string that it quotes. */
const withoutString = (error: string) => error.replace(/\s*mongodb[^\s:]*:\S*/g, '');

/**
 * Why a shop that was given the parts did not get into a database with a login. Opens the shop again, with
 * passwords that need no encoding.
 * @param got what happened
 */
export async function likelyNoParts(stage: Stage, got: string, tap: Tap): Promise<string> {
  const own = likelyOwnError(got);
  if (own) return own;
  if (/did not open.*\bMONGODB_URI\b/s.test(got))
    return 'The shop asks for MONGODB_URI, and was given the parts: MONGODB_HOST, MONGODB_USER and MONGODB_PASSWORD. Where there is no MONGODB_URI, build the string of them.';
  if (/heard nothing/.test(got))
    return 'The shop opened, and its store did not come to MONGODB_HOST: no string was made of the parts, or one with another host. A store without a uri goes to mongodb://127.0.0.1:27017/test.';
  if (loginsAt(tap).length > 0 || /"shop"/.test(got)) return likelyNoLogin(got, tap);
  const plain = { ...partsOf(tap, "o'neil<3>plain"), MONGODB_USER: 'ann' };
  const { refusal } = await open(stage, { ...plain, SESSION_SECRET: stage.config.sessionSecret });
  const letters = { ...partsOf(tap, secretWord()), MONGODB_USER: 'ann' };
  const always =
    refusal && (await open(stage, { ...letters, SESSION_SECRET: stage.config.sessionSecret })).refusal;
  if (always && withoutString(got) === withoutString(always)) {
    return `${OF_THE_DRIVER.test(got) ? 'The driver' : 'The shop'} cannot read the string that you build, whatever the password: one of letters alone gives the same error. encodeURIComponent() is for user and password, not for the whole string. Compare it with the anatomy in the lesson: scheme, login, host, name, options.`;
  }
  if (refusal && OF_THE_DRIVER.test(got)) {
    return withoutString(got) === withoutString(refusal)
      ? 'The driver cannot read the string that you build: a password with a quote and a < in it gives the same error, and one of letters alone does not. encodeURIComponent() for user and password.'
      : `The parts were glued together as they are, and @ : / ? # % in a password mean something in a connection string: encodeURIComponent() for user and password. That is not all: with a password that has none of them, ${refusal}`;
  }
  if (refusal)
    return 'A good password was refused. It has a quote and a < in it. Damage is only a quote round the whole value, and a placeholder from its first character to its last. Or it went into the string as it is, and was found there: encodeURIComponent() for user and password comes first.';
  if (/did not open/.test(got))
    return 'The shop opens with a password that has none of @ : / ? # % in it, so the parts were glued together as they are: these characters mean something in a connection string. encodeURIComponent() for user and password. encodeURI is for whole addresses and leaves them alone.';
  return likelyNoLogin(got, tap);
}

/** Why a shop did not get into a database with a login. @param got what happened */
export function likelyNoLogin(got: string, tap: Tap): string {
  const own = likelyOwnError(got);
  if (own) return own;
  const places = loginsAt(tap);
  if (places.length > 0 && !places.includes('admin')) {
    return `The driver looked for the user in ${places.join(' and ')}, the database of the path. Users live in admin: say authSource=admin with the name.`;
  }
  if (places.length > 0) {
    return 'The database knows the user, and the password that came was another one. Encode it once, and all of it: encodeURIComponent(password).';
  }
  if (/"shop"/.test(got))
    return 'The name of the database stands behind the question mark, where options are. It belongs before it.';
  return 'The shop did not find its way to the database: no user was looked for there. A string that the driver cannot read leads nowhere. In one, @ : / ? # % mean something: encodeURIComponent() for user and password.';
}
