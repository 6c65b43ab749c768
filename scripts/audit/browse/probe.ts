import { type Account, namesAccount } from './account.ts';
import { LOG_OUT } from './fields.ts';
import { type Exchange, NoAnswer, type Visitor } from './visitor.ts';

/** A page whose answer shows whether a visitor is logged in. */
export interface Probe {
  readonly path: string;
  readonly inside: string;
  readonly outside: string;
}

/** Whether the visitor is logged in, by the answer to a probe. */
export type Standing = 'in' | 'out' | 'unclear';

const OFFERS = 'offers a logout';

/** The parts of an answer that stay the same from request to request. */
function signature({ status, headers, body }: Exchange, account: Account): string {
  const to = headers.location?.replace(/^https?:\/\/[^/]+/, '').split('?')[0];
  const marks = [namesAccount(body, account) ? 'names the user' : '', LOG_OUT.test(body) ? OFFERS : ''];
  return [status, to ? `to ${to}` : '', ...marks, kindsOf(body)].filter(Boolean).join(', ');
}

/** The fields of a JSON object that are true, false, null or something else: '{"isAuth":true,"user":"string"}'. */
function kindsOf(body: string): string {
  if (!body.startsWith('{')) return '';
  try {
    const fields = Object.entries(JSON.parse(body) as object).slice(0, MOST_FIELDS);
    const kinds = fields.map(([name, value]) => [name, isBare(value) ? value : typeof value]);
    return `with ${JSON.stringify(Object.fromEntries(kinds))}`;
  } catch {
    return '';
  }
}

const MOST_FIELDS = 8;
const isBare = (value: unknown) => typeof value === 'boolean' || value === null;

/**
 * A page that always answers a logged-in visitor differently from the others. One that refuses by its status is preferred
 * to one that differs only in its text.
 * @param others visitors who are not logged in
 * @param sure only a page that refuses the others, or that offers a logout only to the visitor
 */
export async function findProbe(
  paths: readonly string[],
  inside: Visitor,
  others: readonly Visitor[],
  account: Account,
  sure = false,
): Promise<Probe | undefined> {
  const found: Probe[] = [];
  for (const path of paths) {
    const own = await look(inside, path, account);
    const theirs = await Promise.all(others.map((visitor) => look(visitor, path, account)));
    const [first] = theirs;
    if (!own || !first || theirs.some((each) => each !== first || each === own)) continue;
    if (own.startsWith('5') || (await look(inside, path, account)) !== own) continue;
    const probe = { path, inside: own, outside: first };
    if (own.startsWith('2') && !first.startsWith('2')) return probe;
    if (!sure || (own.includes(OFFERS) && !first.includes(OFFERS))) found.push(probe);
  }
  // A page that names the user is stronger evidence than other differences in the text.
  return found.find(({ inside }) => inside.includes('names the user')) ?? found[0];
}

async function look(visitor: Visitor, path: string, account: Account): Promise<string | undefined> {
  try {
    return signature(await visitor.get(path), account);
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    throw error;
  }
}

/** Whose page an answer shows, in words; undefined when its status and address show that. */
export function whose(is: Standing, { inside, outside }: Probe): string | undefined {
  const plain = (each: string) => each.replace(/, (?:names|offers|with) .*/, '');
  if (is === 'unclear' || plain(inside) !== plain(outside)) return undefined;
  return is === 'in' ? 'as for the user' : 'as for a stranger';
}

/** Whether an answer to the probe is that of a logged-in visitor. */
export function standing(exchange: Exchange, probe: Probe, account: Account): Standing {
  const seen = signature(exchange, account);
  return seen === probe.inside ? 'in' : seen === probe.outside ? 'out' : 'unclear';
}
