// Looks into a shop while it serves, for the X-ray of an open lesson. It reads what express-session leaves on the request and
// changes nothing. Graded shops are never watched.
import crypto from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { InsideReport } from './shop-messages.ts';

/** What express-session puts on a request. Nothing of it is certain: learner code may put anything there. */
interface WithSession {
  session?: { cookie?: { maxAge?: unknown; secure?: unknown } };
  sessionID?: unknown;
  sessionStore?: { constructor?: { name?: unknown }; touch?: unknown; sessions?: unknown };
  secure?: unknown;
}

/** A longer session is not looked into, in characters. */
const LONGEST = 20_000;

/** The texts that signed something lately, the last one last. */
const secrets = new Set<string>();
const MOST_SECRETS = 6;

/**
 * Notes what cookies are signed and checked with: express-session keeps its secrets to itself. cookie-signature asks node:crypto for an
 * HMAC each time, and gets it as before.
 */
function noteSecrets(): void {
  const { createHmac } = crypto;
  crypto.createHmac = (algorithm, key, options) => {
    if (algorithm === 'sha256' && typeof key === 'string' && key.length < 500) {
      secrets.delete(key);
      secrets.add(key);
      const [oldest = ''] = secrets;
      if (secrets.size > MOST_SECRETS) secrets.delete(oldest);
    }
    return createHmac(algorithm, key, options);
  };
}

/** Reports after each request of a server what the session middleware left behind. */
export function watch(server: Server, report: (seen: InsideReport) => void): void {
  noteSecrets();
  // express-session makes one store for all requests, so the last one that was seen is the one of the next request.
  let store: WithSession['sessionStore'];
  server.prependListener('request', (request: IncomingMessage & WithSession, response) => {
    const from = request.socket.remotePort ?? 0;
    const sent = idsIn(request.headers.cookie);
    const before = inMemory(store, sent);
    response.once('close', () => {
      try {
        store = request.sessionStore ?? store;
        const ids = [...sent, String(request.sessionID)];
        report({ kind: 'inside', from, ...facts(request, store), before, after: inMemory(store, ids) });
      } catch {
        // A session whose getters throw is not shown.
      }
    });
  });
}

function facts(
  request: WithSession,
  store: WithSession['sessionStore'],
): Omit<InsideReport, 'kind' | 'from'> {
  const { session, sessionID, secure } = request;
  return {
    ran: sessionID !== undefined || session !== undefined,
    id: text(sessionID),
    secrets: [...secrets],
    store: text(store?.constructor?.name),
    hasTouch: typeof store?.touch === 'function',
    // Express says whether the request came by https, as far as it trusts who says so.
    byHttps: secure === true,
    wantsHttps: session?.cookie?.secure === true,
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 500) : undefined);

/** The session IDs in a Cookie header. */
const idsIn = (header = '') => [...header.matchAll(/=s%3A([\w-]+)\./g)].map(([, id = '']) => id);

/** What a MemoryStore holds of these sessions: its sessions are JSON already. */
function inMemory(
  store: WithSession['sessionStore'],
  ids: readonly string[],
): Record<string, string> | undefined {
  if (store?.constructor?.name !== 'MemoryStore') return undefined;
  const sessions = store.sessions as Record<string, unknown>;
  const entries = ids.map((id) => [id, sessions[id]] as const);
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length < LONGEST,
    ),
  );
}
