import { type Account, namesAccount } from './account.ts';
import { LOG_OUT } from './fields.ts';
import { type Exchange, NoAnswer, type Visitor } from './visitor.ts';

/** A page whose answer shows whether a visitor is logged in. */
export interface Probe {
  readonly path: string;
  readonly inside: string;
  readonly outside: string;
  /** Whether only the kinds of the fields of its JSON show it. */
  readonly byKinds?: boolean;
}

/** Whether the visitor is logged in, by the answer to a probe. */
export type Standing = 'in' | 'out' | 'unclear';

const OFFERS = 'offers a logout';

/** The parts of an answer that stay the same from request to request. */
function signature({ status, headers, body }: Exchange, account: Account, byKinds = false): string {
  const to = headers.location?.replace(/^https?:\/\/[^/]+/, '').split('?')[0];
  const marks = [namesAccount(body, account) ? 'names the user' : '', LOG_OUT.test(body) ? OFFERS : ''];
  return [status, to ? `to ${to}` : '', ...marks, byKinds ? kindsOf(body) : ''].filter(Boolean).join(', ');
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
  const byKinds: Probe[] = [];
  for (const path of paths) {
    const own = await look(inside, path, account);
    const theirs = await Promise.all(others.map((visitor) => look(visitor, path, account)));
    const probe = probeOf(path, own, theirs, 'plain') ?? probeOf(path, own, theirs, 'kinds');
    if (!probe || probe.inside.startsWith('5')) continue;
    if ((await look(inside, path, account))?.[probe.byKinds ? 'kinds' : 'plain'] !== probe.inside) continue;
    if (probe.inside.startsWith('2') && !probe.outside.startsWith('2')) return probe;
    if (sure && !(probe.inside.includes(OFFERS) && !probe.outside.includes(OFFERS))) continue;
    (probe.byKinds ? byKinds : found).push(probe);
  }
  // A page that names the user is stronger evidence than other differences in the text.
  return found.find(({ inside }) => inside.includes('names the user')) ?? found[0] ?? byKinds[0];
}

/** The signatures of an answer: without the kinds of its fields, and with them. */
interface Signatures {
  readonly plain: string;
  readonly kinds: string;
}

/** Undefined where an answer is missing, where the others are answered differently, or all alike. */
function probeOf(
  path: string,
  own: Signatures | undefined,
  theirs: readonly (Signatures | undefined)[],
  by: keyof Signatures,
): Probe | undefined {
  const [first] = theirs;
  if (!own || !first || theirs.some((each) => each?.[by] !== first[by] || each[by] === own[by]))
    return undefined;
  return { path, inside: own[by], outside: first[by], byKinds: by === 'kinds' };
}

async function look(visitor: Visitor, path: string, account: Account): Promise<Signatures | undefined> {
  try {
    const exchange = await visitor.get(path);
    return { plain: signature(exchange, account), kinds: signature(exchange, account, true) };
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
  const seen = signature(exchange, account, probe.byKinds);
  return seen === probe.inside ? 'in' : seen === probe.outside ? 'out' : 'unclear';
}
