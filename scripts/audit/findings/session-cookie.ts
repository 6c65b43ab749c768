import { createHmac } from 'node:crypto';
import { unsign } from 'cookie-signature';

/** The ID in express-session's cookie: 's:<id>.<signature>', URL-encoded. Undefined when it has another form. */
export function sessionIdIn(value: string): string | undefined {
  const plain = decoded(value);
  if (!plain.startsWith('s:')) return undefined;
  const dot = plain.lastIndexOf('.');
  return dot > 2 ? plain.slice(2, dot) : undefined;
}

/** Whether express-session's cookie is signed with that secret. */
export function isSignedWith(value: string, secret: string): boolean {
  return unsign(decoded(value).slice(2), secret) !== false;
}

/** Whether cookie-session's pair of cookies is signed with that key (keygrip: SHA-1 of 'name=value', base64url). */
export function isPairSignedWith(name: string, value: string, signature: string, key: string): boolean {
  return createHmac('sha1', key).update(`${name}=${value}`).digest('base64url') === signature;
}

/** The session in cookie-session's cookie, as JSON text. */
export function sessionInCookie(value: string): string {
  return Buffer.from(decoded(value), 'base64').toString('utf8');
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
