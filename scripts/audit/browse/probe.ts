import { type Account, namesAccount } from './account.ts';
import { LOG_OUT } from './fields.ts';
import { type Exchange, NoAnswer, type Visitor } from './visitor.ts';

/** A page whose answer tells who is logged in from who is not. */
export interface Probe {
  readonly path: string;
  readonly inside: string;
  readonly outside: string;
}

/** What an answer to a probe says. */
export type Standing = 'in' | 'out' | 'unclear';

/** The parts of an answer that stay the same from request to request. */
function signature({ status, headers, body }: Exchange, account: Account): string {
  const to = headers.location?.replace(/^https?:\/\/[^/]+/, '').split('?')[0];
  const marks = [
    namesAccount(body, account) ? 'names the user' : '',
    LOG_OUT.test(body) ? 'offers a logout' : '',
  ];
  return [status, to ? `to ${to}` : '', ...marks].filter(Boolean).join(', ');
}

/**
 * A page that answers a logged-in visitor otherwise than all of the others, each time. One that refuses by its status is preferred
 * to one that only shows other words.
 * @param others visitors who are not logged in
 * @param known what an instance of the probe must look like from outside, when only one side is there to compare
 */
export async function findProbe(
  paths: readonly string[],
  inside: Visitor,
  others: readonly Visitor[],
  account: Account,
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
    found.push(probe);
  }
  // A page that only tells by its words is weaker than one that names the user.
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

/** Whether an answer to the probe is that of a logged-in visitor. */
export function standing(exchange: Exchange, probe: Probe, account: Account): Standing {
  const seen = signature(exchange, account);
  return seen === probe.inside ? 'in' : seen === probe.outside ? 'out' : 'unclear';
}
