// Reads facts of a request's session when its answer ends.
import type { IncomingMessage } from 'node:http';
import type { RequestFacts } from './session-facts.ts';

type Fields = Record<string, unknown>;

/** What a request has when its answer ends. */
export function endOf(req: IncomingMessage & Fields): Partial<RequestFacts> {
  const { body } = req;
  const secured = (req.socket as { encrypted?: boolean }).encrypted === true || req.secure === true;
  const formFields =
    typeof body === 'object' && body !== null ? Object.keys(body).length : ('unread' as const);
  const own: Partial<RequestFacts> = req.method === 'POST' ? { secured, formFields } : { secured };
  const session = req.session as Fields | null | undefined;
  if (session === undefined || session === null)
    return { ...own, session: session === null ? 'null' : 'none' };
  const { cookie, ...data } = session;
  const { secure, path, domain, _expires } = (cookie ?? {}) as Fields;
  return {
    ...own,
    session: 'regenerate' in session ? 'there' : 'replaced',
    hasId: typeof req.sessionID === 'string',
    keys: Object.keys(data),
    odd: oddIn(data),
    cookie: {
      secure: secure === true,
      path: String(path ?? '/'),
      domain: domain ? String(domain) : undefined,
      expires: _expires instanceof Date ? _expires.getTime() : undefined,
    },
  };
}

/** Values that a store gives back as something else, as 'cart: a Map'. */
function oddIn(data: Fields): string[] {
  const odd: string[] = [];
  const look = (value: unknown, path: string, depth: number) => {
    const kind = oddKind(value);
    if (kind) odd.push(`${path}: ${kind}`);
    else if (depth > 0 && typeof value === 'object' && value !== null)
      for (const [key, part] of Object.entries(value).slice(0, 50)) look(part, `${path}.${key}`, depth - 1);
  };
  for (const [key, value] of Object.entries(data)) look(value, key, 3);
  return odd.slice(0, 5);
}

function oddKind(value: unknown): string | undefined {
  if (value === undefined) return 'undefined';
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    return `a ${typeof value}`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return undefined;
  const name = (prototype as { constructor?: { name?: string } }).constructor?.name?.replace(/^_+/, '');
  return withArticle(name || 'class of its own');
}

const withArticle = (noun: string) => `${/^[AEIO]/.test(noun) ? 'an' : 'a'} ${noun}`;
