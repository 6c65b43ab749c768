import { unsign } from 'cookie-signature';
import type { NamedSecret, SeenExchange } from './exchange.ts';

/** A session cookie, cut into its parts: name=s:ID.signature */
export interface SessionCookie {
  readonly name: string;
  readonly id: string;
  readonly signature: string;
}

/** The result of checking a signature. */
export type SignatureCheck =
  | { readonly holds: true; readonly by: string }
  | { readonly holds: false; readonly tried: readonly string[] };

/** The session cookie in a Cookie header or a Set-Cookie line: the one that express-session signed, whatever its name. */
export function sessionCookieIn(header: string): SessionCookie | undefined {
  for (const pair of header.split(/;\s*/)) {
    const at = pair.indexOf('=');
    const value = decoded(pair.slice(at + 1));
    const dot = value.lastIndexOf('.');
    if (at < 1 || !value.startsWith('s:') || dot < 2) continue;
    return { name: pair.slice(0, at).trim(), id: value.slice(2, dot), signature: value.slice(dot + 1) };
  }
  return undefined;
}

/** Checks a cookie's signature with every known secret, as express-session does. */
export function checkSignature(
  { id, signature }: SessionCookie,
  secrets: readonly NamedSecret[],
): SignatureCheck {
  const fitting = secrets.find(({ value }) => value && unsign(`${id}.${signature}`, value) !== false);
  return fitting
    ? { holds: true, by: fitting.name }
    : { holds: false, tried: secrets.map(({ name }) => name) };
}

/**
 * The secrets that a cookie of this exchange may be signed with: those that its shop really used, by the names that it was given
 * them with. While the shop has not reported, only the signing one.
 */
export function secretsOf({ inside, secrets }: Pick<SeenExchange, 'inside' | 'secrets'>): NamedSecret[] {
  if (!inside?.secrets.length) return secrets.slice(0, 1);
  return inside.secrets.map(
    (value) => secrets.find((told) => told.value === value) ?? { name: 'a secret of the shop’s own', value },
  );
}

/** The session IDs that this exchange is about: those of new cookies, then that of the one that was sent. */
export function sessionIdsOf({ cookie, setCookies }: Pick<SeenExchange, 'cookie' | 'setCookies'>): string[] {
  const cookies = [...setCookies.map((line) => line.split(';')[0] ?? ''), cookie];
  return cookies.flatMap((each) => sessionCookieIn(each)?.id ?? []);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
