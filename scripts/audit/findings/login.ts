import { play } from '../browse/action.ts';
import { offered } from '../browse/form-kinds.ts';
import type { Visitor } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import { cut, told } from './evidence.ts';
import { type Finding, mend, NotTestable, notTested, ok } from './finding.ts';

/** Session fixation: does the ID change at login, and is the old one invalid? */
export async function checkLogin(context: AuditContext): Promise<Finding[]> {
  const ids = ['login-new-id', 'login-old-id'] as const;
  if (context.setup?.library === 'cookie-session')
    return ids.map((id) =>
      notTested(
        id,
        'cookie-session has no IDs: a cookie that was planted is replaced by one with the user in it',
      ),
    );
  await context.mustBeInSession();
  const visitor = context.visitor();
  const way = (await withSession(context, visitor)) ?? (await byLoggingIn(context, visitor));
  const before = context.id(visitor);
  if (before === undefined)
    throw new NotTestable('the session cookie has no ID as express-session writes it');
  const old = visitor.copy();
  const { acted } = await context.logIn(visitor);
  const after = context.id(visitor);
  if ((await context.standing(visitor)) !== 'in')
    throw new NotTestable('a login did not succeed with a cookie from before it');
  const evidence = [
    `${way}: ID ${cut(before)}`,
    ...told(acted),
    `after it: ID ${after ? cut(after) : 'none'}`,
  ];
  const isNew = after !== before;
  const { standing: oldIs, exchange } = await context.asks(old);
  const oldEvidence = [...evidence, 'with the cookie from before:', ...told(exchange)];
  const findings: Finding[] = [
    isNew
      ? ok('login-new-id', 'the ID after the login is another one', evidence)
      : mend('login-new-id', 'the ID from before the login is the ID after it', evidence),
  ];
  if (oldIs === 'in' && way !== LOGGED_IN)
    findings.push(mend('login-old-id', 'the cookie from before the login is logged in', oldEvidence));
  else if (oldIs === 'in' && isNew)
    findings.push(
      mend(
        'login-old-id',
        'after a second login in the same browser the first ID is still logged in',
        oldEvidence,
      ),
    );
  else if (oldIs === 'in')
    findings.push(
      mend('login-old-id', 'the cookie from before the login is logged in: it is the same', oldEvidence),
    );
  else if (oldIs === 'out')
    findings.push(ok('login-old-id', 'the cookie from before the login is nobody’s', oldEvidence));
  else
    findings.push(
      notTested(
        'login-old-id',
        `${exchange.method} ${exchange.path} was answered ${exchange.status}, which tells neither`,
      ),
    );
  return findings;
}

const LOGGED_IN = 'logged in once already';

/** Gives a visitor a session without a login. @returns how, in words; undefined when the app gives none */
async function withSession(context: AuditContext, visitor: Visitor): Promise<string | undefined> {
  const { pages, logIn, account } = context.way;
  for (const path of [logIn?.page, ...pages.slice(0, 8).map(({ asked }) => asked)]) {
    if (path === undefined) continue;
    await visitor.follow(path);
    if (context.id(visitor)) return `after a look at ${path}`;
  }
  for (const action of offered('change', pages, visitor).slice(0, 2)) {
    await play(visitor, action, account);
    if (context.id(visitor)) return `after ${action.method} ${action.path}`;
  }
  if (context.way.anyPassword) return undefined;
  await context.logIn(visitor, { password: `${account.password}x` });
  return context.id(visitor) ? 'after a login with a wrong password' : undefined;
}

/** Without a session before the login, logs in twice. */
async function byLoggingIn(context: AuditContext, visitor: Visitor): Promise<string> {
  await context.logIn(visitor);
  if (!context.id(visitor))
    throw new NotTestable('the app gives no session cookie with an ID, also not at a login');
  return LOGGED_IN;
}
