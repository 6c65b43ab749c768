import type { StoreCall } from '../app/control.ts';
import { play } from '../browse/action.ts';
import type { AuditContext } from './audit-context.ts';
import { shape } from './contents.ts';
import { told } from './evidence.ts';
import { advise, type Finding, mend, NotTestable, notTested, ok } from './finding.ts';

/** 'get, set', or 'nothing'. */
export const inBrief = (calls: readonly StoreCall[]) =>
  calls.map(({ operation }) => operation).join(', ') || 'nothing';
export const noStore = (context: AuditContext) => context.setup?.library === 'cookie-session';

/** What do reading a page, a change and a static file cost for a logged-in visitor? */
export async function checkCosts(context: AuditContext): Promise<Finding[]> {
  if (noStore(context))
    return (['unchanged-write', 'static-cost', 'page-cost'] as const).map((id) =>
      notTested(id, 'cookie-session has no store'),
    );
  const visitor = context.way.logIn ? await context.loggedIn() : context.visitor();
  const path =
    context.way.probe?.path ?? context.way.pages.find(({ exchange }) => exchange.status === 200)?.asked;
  if (path === undefined) throw new NotTestable('no page was found that answers with 200');
  // After two requests first-time work, such as a message that is shown once, is done.
  for (const _look of ['first', 'second']) await visitor.get(path);
  const id = context.id(visitor);
  if (id === undefined)
    return (['unchanged-write', 'static-cost', 'page-cost'] as const).map((each) =>
      notTested(each, 'no visitor was found who has a session'),
    );
  const before = await context.stored(id);
  const look = await context.callsDuring(() => visitor.get(path));
  const after = await context.stored(id);
  return [
    ofUnchanged(context, look.calls, before, after, [
      ...told(look.result),
      `the store got: ${inBrief(look.calls)}`,
    ]),
    await ofFiles(context, visitor),
    await ofPage(context, visitor, `GET ${path}: ${inBrief(look.calls)}`),
  ];
}

const withoutEnd = (session: Record<string, unknown> | undefined) => {
  const { cookie: _cookie, ...data } = session ?? {};
  return JSON.stringify(data);
};

function ofUnchanged(
  context: AuditContext,
  calls: readonly StoreCall[],
  before: Record<string, unknown> | undefined,
  after: Record<string, unknown> | undefined,
  evidence: string[],
): Finding {
  const id = 'unchanged-write';
  if (!calls.some(({ operation }) => operation === 'set'))
    return ok(id, 'a look that changes nothing writes no session', evidence);
  if (withoutEnd(before) !== withoutEnd(after))
    return advise(id, `a look changes the session, and so writes it: ${shape(after)}`, evidence);
  if (context.setup?.resave === true)
    return mend(id, 'a look that changes nothing writes the whole session again (resave is true)', evidence);
  if (context.setup?.resave === undefined)
    return mend(
      id,
      'a look that changes nothing writes the whole session again (resave is not set, and then it is true)',
      evidence,
    );
  return advise(id, 'a look that changes nothing but the end of the session writes it whole', evidence);
}

async function ofFiles(
  context: AuditContext,
  visitor: { get: (path: string) => Promise<import('../browse/visitor.ts').Exchange> },
): Promise<Finding> {
  const id = 'static-cost';
  const free: string[] = [];
  // Some may be served above session() and others below it.
  for (const file of context.way.files.slice(0, MOST_FILES)) {
    const { result, calls } = await context.callsDuring(() => visitor.get(file));
    if (result.status !== 200) continue;
    if (calls.length > 0) {
      const cost = calls.length === 1 ? 'a call' : `${calls.length} calls`;
      const evidence = [...told(result), `the store got: ${inBrief(calls)}`];
      return advise(id, `${file} costs the store ${cost}: ${inBrief(calls)}`, evidence);
    }
    free.push(file);
  }
  if (free.length === 0) return notTested(id, 'no page names a file of this app that is there');
  return ok(id, `${free.join(', ')} ${free.length === 1 ? 'costs' : 'cost'} the store nothing`);
}

/** How many files are tested. */
const MOST_FILES = 5;

/** How many calls of the store one page may cost: a read, and a write of the end or of a change. */
const MOST_CALLS = 2;

async function ofPage(
  context: AuditContext,
  visitor: import('../browse/visitor.ts').Visitor,
  look: string,
): Promise<Finding> {
  const { change, account } = context.way;
  const lines = [look];
  if (change) {
    const { result, calls } = await context.callsDuring(() => play(visitor, change, account));
    lines.push(
      `${change.method} ${change.path} and where it leads (${result.all.length} requests): ${inBrief(calls)}`,
    );
  }
  const count =
    look
      .split(': ')[1]
      ?.split(', ')
      .filter((each) => each !== 'nothing').length ?? 0;
  return count > MOST_CALLS
    ? advise('page-cost', `a look costs ${count} calls of the store`, lines)
    : ok('page-cost', `a look costs ${count} ${count === 1 ? 'call' : 'calls'} of the store`, lines);
}
