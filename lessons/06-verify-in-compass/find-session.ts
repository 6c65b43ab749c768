import type { Collection } from 'mongodb';
import type { SessionDocument } from '#shop/case.ts';

/** Where to look, and the secret that signed the cookie. */
interface Where {
  readonly sessions: Collection<SessionDocument>;
  readonly secret: string;
}

/** The document of the session that a cookie opens; null when it opens none. */
export async function findSession(cookie: string, where: Where): Promise<SessionDocument | null> {
  // TODO: the cookie is not the ID. It is signed, and may be URL-encoded; and a forged or broken one opens nothing
  return where.sessions.findOne({ _id: cookie });
}
