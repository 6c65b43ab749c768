import type { Route } from '../app/running-app.ts';
import { type Account, newAccount } from './account.ts';
import { type Action, inWords, play } from './action.ts';
import { offered, routed } from './candidates.ts';
import { crawl, type Seen } from './crawl.ts';
import { findProbe, type Probe } from './probe.ts';
import { type Exchange, NoAnswer, type Visitor } from './visitor.ts';

/** What an app offers, as far as the audit found it or a flow file says. */
export interface Way {
  readonly account: Account;
  readonly signUp: Action | undefined;
  readonly logIn: Action | undefined;
  readonly logOut: Action | undefined;
  readonly everywhere: Action | undefined;
  readonly change: Action | undefined;
  readonly probe: Probe | undefined;
  /** Pages that visitors without a login saw. */
  readonly pages: readonly Seen[];
  /** Pages that the logged-in visitor saw. */
  readonly ownPages: readonly Seen[];
  /** Paths of static files. */
  readonly files: readonly string[];
  /** What was tried in vain, for whoever writes a flow file. */
  readonly tried: readonly string[];
}

/** What a flow file says; each part replaces what would be looked for. */
export type Flow = Partial<Pick<Way, 'signUp' | 'logIn' | 'logOut' | 'everywhere' | 'change'>> & {
  readonly account?: Partial<Account>;
  readonly private?: string;
};

/** How long one answer may take while the way is looked for, in milliseconds. */
const PATIENCE_HERE = 8000;
/** How long trying sign-ups and logins may take, in milliseconds. */
const LONGEST = 45_000;
const MOST_PAGES = 25;
const MOST_TRIES = 8;

/** Finds its way through an app: who can sign up and log in, and what tells a logged-in visitor from others. */
export async function findWay(
  visitorOf: () => Visitor,
  routes: readonly Route[],
  flow: Flow = {},
): Promise<Way> {
  const account = newAccount();
  const way = await search(visitorOf, routes, flow, { ...account, ...flow.account });
  if (way.probe || flow.account?.password || !way.offersSignUp) return way;
  // Some apps ask for a sign in a password, others refuse one.
  const plain = { ...newAccount(), password: account.password.replace(/[^A-Za-z\d]/g, '') };
  const second = await search(visitorOf, routes, flow, { ...plain, ...flow.account });
  return second.probe ? second : way;
}

async function search(
  visitorOf: () => Visitor,
  routes: readonly Route[],
  flow: Flow,
  account: Account,
): Promise<Way & { readonly offersSignUp: boolean }> {
  const newVisitor = () => Object.assign(visitorOf(), { patience: PATIENCE_HERE });
  const stranger = newVisitor();
  const pages = await crawl(stranger, routes, MOST_PAGES);
  const tried: string[] = [];
  const signUps = flow.signUp
    ? [flow.signUp]
    : flow.account
      ? []
      : [...offered('signUp', pages, stranger), ...routed('signUp', routes)];
  const logIns = flow.logIn
    ? [flow.logIn]
    : [...offered('logIn', pages, stranger), ...routed('logIn', routes)];
  const files = [
    ...new Set(
      pages.flatMap(({ exchange, page }) =>
        (page?.files ?? []).flatMap((href) => stranger.pathOf(href, exchange.path) ?? []),
      ),
    ),
  ];
  const base = {
    offersSignUp: signUps.length > 0,
    account,
    everywhere: flow.everywhere,
    change: flow.change,
    pages,
    files,
    tried,
  };

  const end = performance.now() + LONGEST;
  let signUp: Action | undefined;
  let byPage: Visitor | undefined;
  for (const action of signUps.slice(0, MOST_TRIES)) {
    if (performance.now() > end) break;
    const visitor = newVisitor();
    const answer = await attempt(visitor, action, account, tried, 'sign-up');
    if (!answer) continue;
    signUp = action;
    byPage = visitor;
    if (looksDone(answer)) break;
  }
  for (const logIn of logIns.slice(0, MOST_TRIES)) {
    if (performance.now() > end) break;
    const visitor = newVisitor();
    const answer = await attempt(visitor, logIn, account, tried, 'login');
    if (!answer) continue;
    const wrong = newVisitor();
    await attempt(wrong, logIn, account, [], 'login', `${account.password}x`);
    const found = await inside(visitor, [newVisitor(), wrong], { account, routes, pages, answer, flow });
    if (found) return { ...base, signUp, logIn, ...found };
    tried.push(
      `login by ${inWords(logIn)}: ${answer.status}, and no page answers otherwise than to a wrong password`,
    );
  }
  // Some apps log in whoever signs up, and have no login that was found.
  if (byPage && signUp) {
    const found = await inside(byPage, [newVisitor()], { account, routes, pages, flow });
    if (found)
      tried.push('a login: the visitor who signed up is logged in, and no login was found for others');
  }
  return { ...base, signUp: undefined, logIn: undefined, logOut: undefined, probe: undefined, ownPages: [] };
}

interface Surroundings {
  readonly account: Account;
  readonly routes: readonly Route[];
  readonly pages: readonly Seen[];
  readonly answer?: Exchange;
  readonly flow: Flow;
}

/** What a visitor finds who may be logged in; undefined when nothing tells them from the others. */
async function inside(
  visitor: Visitor,
  others: readonly Visitor[],
  { account, routes, pages, answer, flow }: Surroundings,
): Promise<Pick<Way, 'logOut' | 'everywhere' | 'change' | 'probe' | 'ownPages'> | undefined> {
  const ownPages = await crawl(visitor, routes, MOST_PAGES);
  const paths = [
    ...(flow.private ? [flow.private] : []),
    ...(answer ? [answer.path] : []),
    ...ownPages.map(({ asked }) => asked),
    ...pages.map(({ asked }) => asked),
  ];
  const probe = await findProbe([...new Set(paths)], visitor, others, account);
  if (!probe) return undefined;
  const [logOut] = flow.logOut
    ? [flow.logOut]
    : [...offered('logOut', ownPages, visitor), ...routed('logOut', routes)];
  const [everywhere] = flow.everywhere ? [flow.everywhere] : offered('everywhere', ownPages, visitor);
  const [change] = flow.change ? [flow.change] : offered('change', ownPages, visitor);
  return { logOut, everywhere, change, probe, ownPages };
}

/** An answer that does not say no: of a page that shows the form again nothing is known. */
const looksDone = ({ status }: Exchange) => status < 400;

/** @returns the last answer; undefined when there was none, or it says no */
async function attempt(
  visitor: Visitor,
  action: Action,
  account: Account,
  tried: string[],
  what: string,
  password = account.password,
): Promise<Exchange | undefined> {
  try {
    const { acted, all } = await play(visitor, action, account, { password });
    const last = all.at(-1) ?? acted;
    if (acted.status < 400) return last;
    tried.push(`${what} by ${inWords(action)}: ${acted.status}${inBrief(acted)}`);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    tried.push(`${what} by ${inWords(action)}: ${error.message}`);
  }
  return undefined;
}

/** The start of an answer that is no page: an API says there what it wants. */
function inBrief({ headers, body }: Exchange): string {
  return /json|plain/.test(headers['content-type'] ?? '')
    ? ` ${body.replace(/\s+/g, ' ').slice(0, 160)}`
    : '';
}
