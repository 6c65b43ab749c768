import { play } from '../browse/action.ts';
import { offered } from '../browse/candidates.ts';
import type { Visitor } from '../browse/visitor.ts';
import { cut, told } from './evidence.ts';
import { type Finding, mend, NotTestable, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';

/** Session fixation: is the ID of before the login another one, and is it dead? */
export async function checkLogin(scene: Scene): Promise<Finding[]> {
  const ids = ['login-new-id', 'login-old-id'] as const;
  if (scene.setup?.library === 'cookie-session')
    return ids.map((id) =>
      notTested(
        id,
        'cookie-session has no IDs: a cookie that was planted is replaced by one with the user in it',
      ),
    );
  const visitor = scene.visitor();
  const way = (await withSession(scene, visitor)) ?? (await byLoggingIn(scene, visitor));
  const before = scene.id(visitor);
  if (before === undefined)
    throw new NotTestable('the session cookie has no ID as express-session writes it');
  const old = visitor.copy();
  const { acted } = await scene.logIn(visitor);
  const after = scene.id(visitor);
  if ((await scene.standing(visitor)) !== 'in')
    throw new NotTestable('a login did not succeed with a cookie from before it');
  const evidence = [
    `${way}: ID ${cut(before)}`,
    ...told(acted),
    `after it: ID ${after ? cut(after) : 'none'}`,
  ];
  const isNew = after !== before;
  const { standing: oldIs, exchange } = await scene.asks(old);
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

/** Gives a visitor a session without a login. @returns how; undefined when the app gives none */
async function withSession(scene: Scene, visitor: Visitor): Promise<string | undefined> {
  const { pages, logIn, account } = scene.way;
  for (const path of [logIn?.page, ...pages.slice(0, 8).map(({ asked }) => asked)]) {
    if (path === undefined) continue;
    await visitor.follow(path);
    if (scene.id(visitor)) return `after a look at ${path}`;
  }
  for (const action of offered('change', pages, visitor).slice(0, 2)) {
    await play(visitor, action, account);
    if (scene.id(visitor)) return `after ${action.method} ${action.path}`;
  }
  await scene.logIn(visitor, { password: `${account.password}x` });
  return scene.id(visitor) ? 'after a login with a wrong password' : undefined;
}

/** A visitor without a session can only log in twice. */
async function byLoggingIn(scene: Scene, visitor: Visitor): Promise<string> {
  await scene.logIn(visitor);
  if (!scene.id(visitor))
    throw new NotTestable('the app gives no session cookie with an ID, also not at a login');
  return LOGGED_IN;
}
