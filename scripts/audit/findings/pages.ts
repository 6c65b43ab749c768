import type { Exchange } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import { baseline } from './baseline.ts';
import { told } from './evidence.ts';
import { type Finding, mend, NotTestable, ok } from './finding.ts';
import { HASH_OF_PASSWORD, hidden, type Secret } from './output.ts';

/** How many characters are quoted before and after what was found. */
const AROUND = 40;
/** How many answers are quoted. */
const MOST_ANSWERS = 3;

/** Which answers have a session ID or the hash of a password in their text? */
export async function checkPages(context: AuditContext): Promise<Finding[]> {
  const id = 'page-secrets';
  const { logIn, pages, ownPages, answers } = context.way;
  const seen = [...pages, ...ownPages].flatMap(({ exchanges }) => exchanges);
  const exchanges = [...answers, ...seen, ...(logIn ? (await baseline(context)).exchanges : [])];
  if (exchanges.length === 0) throw new NotTestable('no page was found that answers');
  const found = new Map<string, { what: string; lines: string[] }>();
  for (const exchange of exchanges) {
    const secret = secretIn(exchange, context);
    const key = `${exchange.method} ${exchange.path.split('?')[0]}`;
    if (secret && !found.has(key))
      found.set(key, { what: secret.what, lines: [...told(exchange), quote(exchange.body, secret)] });
  }
  if (found.size === 0)
    return [ok(id, `no session ID and no hash of a password in ${exchanges.length} answers`)];
  const kinds = [...new Set([...found.values()].map(({ what }) => what))];
  const evidence = [...found.values()].slice(0, MOST_ANSWERS).flatMap(({ lines }) => lines);
  return [mend(id, `${kinds.join(' and ')} ${kinds.length > 1 ? 'are' : 'is'} in what it answers`, evidence)];
}

/** The hash, or the ID of the session that the request or its answer belongs to. */
function secretIn(exchange: Exchange, context: AuditContext): Secret | undefined {
  const hash = HASH_OF_PASSWORD.exec(exchange.body)?.[0];
  if (hash) return { what: 'the hash of a password', value: hash };
  if (context.setup?.library === 'cookie-session') return undefined;
  const start = `${context.cookieName}=`;
  const cookies = [...(exchange.cookie?.split('; ') ?? []), ...exchange.setCookies];
  const ids = cookies
    .filter((each) => each.startsWith(start))
    .flatMap((each) => context.idIn(each.slice(start.length).split(';')[0] ?? '') ?? []);
  const value = ids.find((each) => each.length > 0 && exchange.body.includes(each));
  return value === undefined ? undefined : { what: 'a session ID', value };
}

function quote(body: string, secret: Secret): string {
  const at = body.indexOf(secret.value);
  const near = body.slice(Math.max(0, at - AROUND), at + secret.value.length + AROUND);
  return `  …${hidden(near, [secret]).replace(/\s+/g, ' ')}…`;
}
