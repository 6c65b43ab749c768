import { unsign } from 'cookie-signature';
import type { Collection } from 'mongodb';
import type { SessionDocument } from '#shop/case.ts';

/** Where to look, and the secret that signed the cookie. */
interface Where {
  readonly sessions: Collection<SessionDocument>;
  readonly secret: string;
}

/** The document of the session that a cookie opens; null when it opens none. */
export async function findSession(cookie: string, where: Where): Promise<SessionDocument | null> {
  const value = decoded(cookie);
  if (!value?.startsWith('s:')) return null;
  const id = unsign(value.slice(2), where.secret);
  return id === false ? null : where.sessions.findOne({ _id: id });
}

/** A browser shows the value URL-encoded. Decoding it a second time changes nothing: base64 has no %. */
function decoded(cookie: string): string | undefined {
  try {
    return decodeURIComponent(cookie);
  } catch {
    return undefined; // A % without two hex digits behind it.
  }
}
