import { describeAction, play } from '../browse/action.ts';
import type { AuditContext } from './audit-context.ts';
import { cut, told } from './evidence.ts';
import { advise, type Finding, mend, notTested, ok } from './finding.ts';

/** Does a logout end the session for every copy of the cookie, and clear it in the browser? */
export async function checkLogout(context: AuditContext): Promise<Finding[]> {
  const { logOut, account } = context.way;
  if (!logOut) {
    const why = context.way.logIn ? 'no logout was found; a flow file can say it (--flow)' : context.noLogin;
    return (['logout-session', 'logout-cookie', 'logout-method'] as const).map((id) => notTested(id, why));
  }
  const visitor = await context.loggedIn();
  const copy = visitor.copy();
  const id = context.id(visitor);
  const { result, calls } = await context.callsDuring(() => play(visitor, logOut, account));
  const { standing, exchange } = await context.asks(copy);
  const own = await context.asks(visitor);
  const evidence = [describeAction(logOut), ...told(result.acted)];
  if (own.standing !== 'out') {
    const why = `${describeAction(logOut)} was answered ${result.acted.status}, and the visitor is still logged in: it may not be the logout; a flow file can say it (--flow)`;
    return (['logout-session', 'logout-cookie', 'logout-method'] as const).map((each) =>
      notTested(each, why),
    );
  }
  const withCopy = [...evidence, 'with a copy of the cookie from before:', ...told(exchange)];
  const isDestroyed = calls.some((call) => call.operation === 'destroy' && call.id === id);
  return [
    ofSession(standing, isDestroyed, context, withCopy),
    ofCookie(context, id, evidence, visitor.jar.get(context.cookieName)?.value),
    logOut.method === 'GET'
      ? advise('logout-method', 'a GET logs out', evidence)
      : ok('logout-method', `the logout is a ${logOut.method}`, evidence),
  ];
}

function ofSession(
  standing: 'in' | 'out' | 'unclear',
  isDestroyed: boolean,
  context: AuditContext,
  evidence: string[],
): Finding {
  const id = 'logout-session';
  if (standing === 'in') {
    return context.setup?.library === 'cookie-session'
      ? mend(
          id,
          'a copy of the cookie stays logged in: cookie-session keeps nothing on the server that a logout could end',
          evidence,
        )
      : mend(id, 'a copy of the cookie is still logged in after the logout', evidence);
  }
  if (standing === 'unclear') return notTested(id, 'the answer to a copy of the cookie tells neither');
  if (context.setup?.library === 'cookie-session' || isDestroyed)
    return ok(id, 'a copy of the cookie is nobody’s', evidence);
  return advise(
    id,
    'a copy of the cookie is nobody’s, but the session was emptied and not destroyed: what else is in it stays',
    evidence,
  );
}

function ofCookie(
  context: AuditContext,
  before: string | undefined,
  evidence: string[],
  value: string | undefined,
): Finding {
  const id = 'logout-cookie';
  if (value === undefined) return ok(id, 'the browser has no session cookie any more', evidence);
  if (context.idIn(value) !== before)
    return ok(id, 'the browser has the cookie of another session, without the login', evidence);
  return advise(
    id,
    `the browser keeps the cookie ${context.cookieName}=${cut(value)}, whose session was logged in`,
    evidence,
  );
}

/** When the app offers to sign out other devices: does that work? */
export async function checkEverywhere(context: AuditContext): Promise<Finding[]> {
  const id = 'logout-everywhere';
  const { everywhere, account } = context.way;
  if (!everywhere) return [notTested(id, 'the app offers nothing of that kind, as far as its pages show')];
  const [first, second] = [await context.loggedIn(), await context.loggedIn()];
  const { acted } = await play(first, everywhere, account);
  const { standing, exchange } = await context.asks(second);
  const evidence = [describeAction(everywhere), ...told(acted), 'then the other device:', ...told(exchange)];
  if (standing === 'out') return [ok(id, 'the other device is signed out', evidence)];
  if (standing === 'in') {
    if (acted.status >= 400)
      return [notTested(id, `${describeAction(everywhere)} was answered ${acted.status}`)];
    return [mend(id, 'the other device is still logged in', evidence)];
  }
  return [notTested(id, 'the answer to the other device tells neither')];
}
