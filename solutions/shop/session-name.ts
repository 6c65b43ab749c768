import { createHmac, hkdfSync } from 'node:crypto';

/** Names a session for logs and for the page of devices. */
export type NameSession = (id: string) => string;

/**
 * A session's ID works like a key, so no log and no page shows it. Its name is a keyed hash: the same session has the
 * same name in every log line, and the ID cannot be found from the name, not even by trying.
 */
export function sessionNamer(secret: string): NameSession {
  // A separate key: the one that signs cookies is used for nothing else.
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'names of sessions', 32));
  return (id) => createHmac('sha256', key).update(id).digest('base64url').slice(0, 16);
}
