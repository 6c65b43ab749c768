import { AppDown } from '../app/running-app.ts';
import { play } from '../browse/action.ts';
import { type Exchange, NoAnswer, THROUGH_TLS_PROXY, type Visitor } from '../browse/visitor.ts';
import type { AuditContext } from './audit-context.ts';
import { type SetSession, sessionCookieIn } from './baseline.ts';
import { told } from './evidence.ts';
import { advise, type Finding, mend, notTested, ok } from './finding.ts';

const IDS = ['cookie-secure', 'cookie-prefix', 'behind-proxy'] as const;
const all = (why: string) => IDS.map((id) => notTested(id, why));

/** What an instance with NODE_ENV=production, behind a proxy that ends TLS, answers. */
interface Production {
  /** The last Set-Cookie of its session. */
  readonly set: SetSession | undefined;
  readonly exchanges: readonly Exchange[];
  /** Whether a session was stored. */
  readonly isStored: boolean;
}

const productions = new WeakMap<AuditContext, Promise<Production>>();

/** Starts it once, and remembers what it answered. @throws {AppDown} when it does not start */
export function inProduction(context: AuditContext): Promise<Production> {
  let made = productions.get(context);
  if (!made) {
    made = visitProduction(context);
    productions.set(context, made);
    // An app that did not answer may answer next time.
    made.catch((error: unknown) => error instanceof AppDown || productions.delete(context));
  }
  return made;
}

async function visitProduction(context: AuditContext): Promise<Production> {
  const app = await context.deployment.start({ production: true, ahead: context.clock.ahead });
  try {
    const mark = await app.mark();
    const visitor = context.visitor(THROUGH_TLS_PROXY, app);
    const name = app.setups.at(-1)?.name ?? context.cookieName;
    const exchanges = await visits(context, visitor, name);
    const isStored = (await app.calls(mark)).some(({ operation }) => operation === 'set');
    return { set: sessionCookieIn(exchanges, name), exchanges, isStored };
  } finally {
    context.heard(app.output.text);
    await context.deployment.end(app);
  }
}

/** The line of evidence for what was seen there. */
export const IN_PRODUCTION = 'NODE_ENV=production, with X-Forwarded-Proto: https:';

/** The session cookie of that instance: is it Secure, and does it come at all? */
export async function checkProduction(context: AuditContext): Promise<Finding[]> {
  try {
    return judged(context, await inProduction(context));
  } catch (error) {
    if (error instanceof AppDown)
      return all(`with NODE_ENV=production the app did not start: ${error.message}`);
    throw error;
  }
}

function unlessNoAnswer(error: unknown): void {
  if (!(error instanceof NoAnswer)) throw error;
}

/** Logs in when a login was found, else opens some pages. @returns all answers: the cookie may come with the first page */
async function visits(context: AuditContext, visitor: Visitor, name: string): Promise<readonly Exchange[]> {
  const { logIn, signUp, account, pages } = context.way;
  if (logIn) {
    await play(visitor, logIn, account);
    // A new instance with its users in memory does not know this one. Some apps end when somebody signs up twice.
    if (signUp && !sessionCookieIn(visitor.history, name)) {
      await play(visitor, signUp, account).catch(unlessNoAnswer);
      await play(visitor, logIn, account).catch(unlessNoAnswer);
    }
  } else for (const { asked } of pages.slice(0, 4)) await visitor.follow(asked);
  return visitor.history;
}

function judged(context: AuditContext, { set, exchanges, isStored }: Production): Finding[] {
  if (!set) {
    const last = exchanges.findLast(({ method }) => method !== 'GET') ?? exchanges[0];
    const evidence = [IN_PRODUCTION, ...(last ? told(last) : []), 'no Set-Cookie of the session came'];
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
  const evidence = [IN_PRODUCTION, ...told(set.exchange)];
  const refused = set.exchange.refusedCookies.find(({ line }) => line === set.line);
  return [
    set.cookie.secure
      ? ok('cookie-secure', 'it is Secure in production', evidence)
      : insecure(context, evidence),
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

/** Names of variables that may switch Secure on. */
const SWITCHES = /SECURE|HTTPS|TLS|SSL|PROXY|COOKIE/i;

/** Addresses in .env by which an app may recognise a developer's machine. */
const PLAIN_ADDRESS = /^http:\/\/(?:localhost|127\.0\.0\.1)/;

function insecure({ deployment }: AuditContext, evidence: string[]): Finding {
  const id = 'cookie-secure';
  const { own = {} } = deployment.environment ?? {};
  const switches = deployment.variables.filter(
    (name) =>
      (SWITCHES.test(name) &&
        !/SECRET|KEY|MAX_?AGE|NAME|MAIL|SMTP|MONGO|REDIS|^(?:DB|DATABASE|PG|POSTGRES|MYSQL)/i.test(name)) ||
      PLAIN_ADDRESS.test(own[name] ?? ''),
  );
  if (switches.length === 0) return mend(id, 'it is not Secure, also in production behind https', evidence);
  return advise(
    id,
    `it is not Secure in production behind https; the app reads ${switches.join(', ')}, which may change that: --env`,
    evidence,
  );
}
