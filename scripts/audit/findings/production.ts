import { AppDown } from '../app/running-app.ts';
import { play } from '../browse/action.ts';
import { type Exchange, Visitor } from '../browse/visitor.ts';
import { type SetSession, sessionCookieIn } from './baseline.ts';
import { told } from './evidence.ts';
import { advise, type Finding, mend, notTested, ok } from './finding.ts';
import type { Scene } from './scene.ts';

/** What a proxy that ends TLS says of a request. */
const THROUGH_TLS_PROXY = {
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-For': '203.0.113.7',
  'X-Forwarded-Port': '443',
} as const;
const IDS = ['cookie-secure', 'cookie-prefix', 'behind-proxy'] as const;
const all = (why: string) => IDS.map((id) => notTested(id, why));

/** The session cookie of an instance with NODE_ENV=production, behind a proxy that ends TLS. */
export async function checkProduction(scene: Scene): Promise<Finding[]> {
  let app: Awaited<ReturnType<typeof scene.deployment.start>>;
  try {
    app = await scene.deployment.start({ production: true, ahead: scene.clock.ahead });
  } catch (error) {
    if (error instanceof AppDown)
      return all(`with NODE_ENV=production the app did not start: ${error.message}`);
    throw error;
  }
  try {
    const mark = await app.mark();
    const visitor = new Visitor(app, scene.clock, THROUGH_TLS_PROXY);
    const exchanges = await visits(scene, visitor);
    const name = app.setups.at(-1)?.name ?? scene.cookieName;
    const isStored = (await app.calls(mark)).some(({ operation }) => operation === 'set');
    return judged(scene, sessionCookieIn(exchanges, name), exchanges, isStored);
  } finally {
    scene.heard(app.output.text);
    await scene.deployment.end(app);
  }
}

/** Logs in where a login was found, else looks at some pages. @returns all that came back: the cookie may come with the first page */
async function visits(scene: Scene, visitor: Visitor): Promise<readonly Exchange[]> {
  const { logIn, signUp, account, pages } = scene.way;
  if (logIn) {
    // An app that keeps its users in memory has not heard of this one.
    if (signUp) await play(visitor, signUp, account);
    await play(visitor, logIn, account);
  } else for (const { asked } of pages.slice(0, 4)) await visitor.follow(asked);
  return visitor.history;
}

function judged(
  scene: Scene,
  set: SetSession | undefined,
  exchanges: readonly Exchange[],
  isStored: boolean,
): Finding[] {
  const how = 'NODE_ENV=production, with X-Forwarded-Proto: https:';
  if (!set) {
    const last = exchanges.find(({ method }) => method !== 'GET') ?? exchanges[0];
    const evidence = [how, ...(last ? told(last) : []), 'no Set-Cookie of the session came'];
    if (!isStored || !last)
      return all('with NODE_ENV=production no session was stored, and no session cookie came');
    return [
      ...(['cookie-secure', 'cookie-prefix'] as const).map((id) =>
        notTested(id, 'with NODE_ENV=production behind a proxy no session cookie comes'),
      ),
      mend(
        'behind-proxy',
        'the session is stored and its cookie is never sent: the app does not believe that the request came by https',
        evidence,
      ),
    ];
  }
  const evidence = [how, ...told(set.exchange)];
  const refused = set.exchange.refusedCookies.find(({ line }) => line === set.line);
  return [
    set.cookie.secure
      ? ok('cookie-secure', 'it is Secure in production', evidence)
      : insecure(scene, evidence),
    /^__(?:Host|Secure)-/.test(set.cookie.key)
      ? ok('cookie-prefix', `its name is ${set.cookie.key}`, evidence)
      : advise(
          'cookie-prefix',
          `its name is ${set.cookie.key}, which any host of the domain can set`,
          evidence,
        ),
    refused
      ? notTested('behind-proxy', `a browser at localhost refuses the cookie: ${refused.why}`)
      : ok('behind-proxy', 'the session cookie comes', evidence),
  ];
}

/** Variables that may switch Secure on, in whatever way an app calls them. */
const SWITCHES = /SECURE|HTTPS|TLS|SSL|PROXY|COOKIE/i;

function insecure({ deployment }: Scene, evidence: string[]): Finding {
  const id = 'cookie-secure';
  const switches = deployment.variables.filter(
    (name) => SWITCHES.test(name) && !/SECRET|KEY|MAX_?AGE|NAME/i.test(name),
  );
  if (switches.length === 0) return mend(id, 'it is not Secure, also in production behind https', evidence);
  return advise(
    id,
    `it is not Secure in production behind https; the app reads ${switches.join(', ')}, which may change that: --env`,
    evidence,
  );
}
