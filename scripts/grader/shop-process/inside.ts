// Looks into a shop while it serves, for the X-ray of an open lesson: what was noted of each request, what a MemoryStore holds, and
// which secrets sign. It reads, and changes nothing. Graded shops report none of it.
import crypto from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { RequestFacts } from './session-facts.ts';
import { callFor, type Request } from './session-watch.ts';
import type { InsideReport } from './shop-messages.ts';

/** What is read of a store. Any field may be missing: learner code may put anything there. */
interface Store {
  readonly constructor?: { readonly name?: unknown };
  readonly touch?: unknown;
  readonly sessions?: unknown;
}

/** In characters. A longer session is not read. */
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

/** @returns a function to call when a request begins; it reports when the answer has been sent or given up */
export function reportInside(
  report: (seen: InsideReport) => void,
): (req: Request, res: ServerResponse, facts: RequestFacts) => void {
  noteSecrets();
  // express-session makes one store for all requests, so the last one that was seen is the one of the next request.
  let store: Store | undefined;
  return (req, res, facts) => {
    const sent = idsIn(req.headers.cookie);
    const before = inMemory(store, sent);
    res.once('close', () => {
      try {
        store = (req.sessionStore as Store | undefined) ?? store;
        const id = text(req.sessionID);
        report({
          kind: 'inside',
          facts,
          call: callFor(req),
          id,
          secrets: [...secrets],
          store: text(store?.constructor?.name),
          hasTouch: typeof store?.touch === 'function',
          before,
          after: inMemory(store, [...sent, String(id)]),
        });
      } catch {
        // A session whose getters throw is not shown.
      }
    });
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 500) : undefined);

/** The session IDs in a Cookie header. */
const idsIn = (header = '') => [...header.matchAll(/=s%3A([\w-]+)\./g)].map(([, id = '']) => id);

/** What a MemoryStore holds of these sessions: its sessions are JSON already. */
function inMemory(store: Store | undefined, ids: readonly string[]): Record<string, string> | undefined {
  if (store?.constructor?.name !== 'MemoryStore') return undefined;
  const sessions = store.sessions as Record<string, unknown>;
  const entries = ids.map((id) => [id, sessions[id]] as const);
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length < LONGEST,
    ),
  );
}
