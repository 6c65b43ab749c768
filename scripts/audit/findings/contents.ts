import type { AuditContext } from './audit-context.ts';
import { baseline } from './baseline.ts';
import { advise, type Finding, mend, NotTestable, ok } from './finding.ts';
import { sessionInCookie } from './session-cookie.ts';

/** In bytes. Smaller sessions fit into few packets, and cookies have at most 4 KB. */
const SMALL_BYTES = 4096;

const HASH = /\$2[abxy]\$\d\d\$|\$argon2|\$pbkdf2|\$scrypt\$|^[\da-f]{64}$|^[\da-f]{128}$/;
const TOKEN = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/;
/** Names of fields that hold a password in the data of users. */
const HASH_NAMES = /^(?:password|passwd|pwd|hash|salt|passwordHash|hashedPassword|password_hash)$/i;

/** What is in the session of a logged-in visitor, and how large it is. */
export async function checkContents(context: AuditContext): Promise<Finding[]> {
  const { visitor } = await baseline(context);
  const session = await sessionOf(context, context.id(visitor) ?? '');
  if (!session) throw new NotTestable('no call of the store had the session of a login in it');
  const { cookie: _cookie, ...data } = session;
  const bytes = Buffer.byteLength(JSON.stringify(session));
  const evidence = [`the session after a login, ${bytes} bytes: ${shape(data)}`];
  return [ofContent(context, data, evidence), ofSize(bytes, evidence)];
}

async function sessionOf(context: AuditContext, id: string): Promise<Record<string, unknown> | undefined> {
  if (context.setup?.library !== 'cookie-session') return context.stored(id);
  try {
    return JSON.parse(sessionInCookie(id));
  } catch {
    return undefined;
  }
}

function ofContent(context: AuditContext, data: Record<string, unknown>, evidence: string[]): Finding {
  const id = 'session-content';
  const values = [...leaves(data)];
  const { password } = context.way.account;
  const typed = values.filter(({ value }) => value.includes(password));
  if (typed.length > 0) return mend(id, `the password as it was typed is in it: ${named(typed)}`, evidence);
  const hashes = values.filter(
    ({ path, value }) =>
      (HASH_NAMES.test(path.at(-1) ?? '') && value.length > 8) ||
      /^\$(?:2[abxy]|argon2|pbkdf2|scrypt)/.test(value) ||
      HASH.test(value),
  );
  const sure = hashes.filter(
    ({ path, value }) =>
      /^\$(?:2[abxy]|argon2|pbkdf2|scrypt)/.test(value) || HASH_NAMES.test(path.at(-1) ?? ''),
  );
  if (sure.length > 0) return mend(id, `a password's hash is in it: ${named(sure)}`, evidence, true);
  const tokens = values.filter(
    ({ path, value }) => TOKEN.test(value) || /(?:access|refresh|id)_?token/i.test(path.at(-1) ?? ''),
  );
  if (tokens.length > 0)
    return advise(id, `a token of another service is in it: ${named(tokens)}`, evidence, true);
  const { email, username } = context.way.account;
  const personal = values.filter(({ value }) => value === email || value === username);
  if (personal.length >= 2 || personal.some(({ value }) => value === email))
    return advise(id, `data of the user is in it that could be looked up: ${named(personal)}`, evidence);
  return ok(id, 'nothing in it looks like a password, a hash, a token or a whole user', evidence, true);
}

function ofSize(bytes: number, evidence: string[]): Finding {
  return bytes > SMALL_BYTES
    ? advise('session-size', `a session that has just logged in takes ${bytes} bytes`, evidence)
    : ok('session-size', `${bytes} bytes`, evidence);
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: string;
}

function* leaves(value: unknown, path: readonly string[] = []): Generator<Leaf> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) yield* leaves(each, [...path, key]);
  } else if (typeof value === 'string' && value !== '') yield { path, value };
}

const named = (found: readonly Leaf[]) =>
  [...new Set(found.map(({ path }) => path.join('.')))].slice(0, 4).join(', ');

/** The names and types in a value, without its contents. */
export function shape(value: unknown, depth = 0): string {
  if (Array.isArray(value))
    return value.length
      ? `[${shape(value[0], depth + 1)}${value.length > 1 ? `, ${value.length} in all` : ''}]`
      : '[]';
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string'
      ? `a string of ${value.length}`
      : String(value === null ? null : typeof value);
  if (depth > 2) return '{…}';
  const entries = Object.entries(value)
    .slice(0, 12)
    .map(([key, each]) => `${key}: ${shape(each, depth + 1)}`);
  return `{ ${entries.join(', ')} }`;
}
