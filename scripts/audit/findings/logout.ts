import { inWords, play } from '../browse/action.ts';
import { cut, told } from './evidence.ts';
import { advise, type Finding, mend, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';

/** Does a logout end the session for every copy of the cookie, and clear it in the browser? */
export async function checkLogout(scene: Scene): Promise<Finding[]> {
  const { logOut, account } = scene.way;
  if (!logOut) {
    const why = scene.way.logIn ? 'no logout was found; a flow file can say it (--flow)' : scene.noLogin;
    return (['logout-session', 'logout-cookie', 'logout-method'] as const).map((id) => notTested(id, why));
  }
  const visitor = await scene.loggedIn();
  const copy = visitor.copy();
  const id = scene.id(visitor);
  const { result, calls } = await scene.callsDuring(() => play(visitor, logOut, account));
  const { standing, exchange } = await scene.asks(copy);
  const own = await scene.asks(visitor);
  const evidence = [inWords(logOut), ...told(result.acted)];
  if (own.standing !== 'out') {
    const why = `${inWords(logOut)} was answered ${result.acted.status}, and the visitor is still logged in: it may not be the logout; a flow file can say it (--flow)`;
    return (['logout-session', 'logout-cookie', 'logout-method'] as const).map((each) =>
      notTested(each, why),
    );
  }
  const withCopy = [...evidence, 'with a copy of the cookie from before:', ...told(exchange)];
  const isDestroyed = calls.some((call) => call.operation === 'destroy' && call.id === id);
  return [
    ofSession(standing, isDestroyed, scene, withCopy),
    ofCookie(scene, result.all, id, evidence, visitor.jar.get(scene.cookieName)?.value),
    logOut.method === 'GET'
      ? advise('logout-method', 'a GET logs out', evidence)
      : ok('logout-method', `the logout is a ${logOut.method}`, evidence),
  ];
}

function ofSession(
  standing: 'in' | 'out' | 'unclear',
  isDestroyed: boolean,
  scene: Scene,
  evidence: string[],
): Finding {
  const id = 'logout-session';
  if (standing === 'in') {
    return scene.setup?.library === 'cookie-session'
      ? mend(
          id,
          'a copy of the cookie stays logged in: cookie-session keeps nothing on the server that a logout could end',
          evidence,
        )
      : mend(id, 'a copy of the cookie is still logged in after the logout', evidence);
  }
  if (standing === 'unclear') return notTested(id, 'the answer to a copy of the cookie tells neither');
  if (scene.setup?.library === 'cookie-session' || isDestroyed)
    return ok(id, 'a copy of the cookie is nobody’s', evidence);
  return advise(
    id,
    'a copy of the cookie is nobody’s, but the session was emptied and not destroyed: what else is in it stays',
    evidence,
  );
}

function ofCookie(
  scene: Scene,
  exchanges: { setCookies: readonly string[] }[],
  before: string | undefined,
  evidence: string[],
  value: string | undefined,
): Finding {
  const id = 'logout-cookie';
  const lines = exchanges
    .flatMap(({ setCookies }) => setCookies)
    .filter((line) => line.startsWith(`${scene.cookieName}=`));
  if (value === undefined) return ok(id, 'the browser has no session cookie any more', evidence);
  if (lines.length > 0 && !value.includes(encodeURIComponent(before ?? '').slice(0, 20)))
    return ok(id, 'the browser has the cookie of another session, without the login', evidence);
  return advise(
    id,
    `the browser keeps the cookie ${scene.cookieName}=${cut(value)} of the session that ended`,
    evidence,
  );
}

/** Where the app offers to sign out on other devices: are they? */
export async function checkEverywhere(scene: Scene): Promise<Finding[]> {
  const id = 'logout-everywhere';
  const { everywhere, account } = scene.way;
  if (!everywhere) return [notTested(id, 'the app offers nothing of that kind, as far as its pages show')];
  const [first, second] = [await scene.loggedIn(), await scene.loggedIn()];
  const { acted } = await play(first, everywhere, account);
  const { standing, exchange } = await scene.asks(second);
  const evidence = [inWords(everywhere), ...told(acted), 'then the other device:', ...told(exchange)];
  if (standing === 'out') return [ok(id, 'the other device is signed out', evidence)];
  if (standing === 'in') {
    if (acted.status >= 400) return [notTested(id, `${inWords(everywhere)} was answered ${acted.status}`)];
    return [mend(id, 'the other device is still logged in', evidence)];
  }
  return [notTested(id, 'the answer to the other device tells neither')];
}
