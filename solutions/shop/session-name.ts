import { createHmac, hkdfSync } from 'node:crypto';

/** Gives a session a name to be spoken of by: in logs, and on the page of devices. */
export type NameSession = (id: string) => string;

/**
 * A session's ID is as good as a key, so it is written nowhere. Its name is a keyed hash: the same session has the
 * same name in every log line, and from a name nobody gets to an ID, not even by trying IDs out.
 */
export function sessionNamer(secret: string): NameSession {
  // A key of its own: what signs cookies is used for nothing else.
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'names of sessions', 32));
  return (id) => createHmac('sha256', key).update(id).digest('base64url').slice(0, 16);
}
