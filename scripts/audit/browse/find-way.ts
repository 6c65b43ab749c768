import { isOver } from '../../shared/fair-time.ts';
import type { Route } from '../app/running-app.ts';
import { type Account, newAccount } from './account.ts';
import { type Action, describeAction } from './action.ts';
import { attempt, empties, looksDone, showsAgain } from './attempt.ts';
import type { Body } from './body-fields.ts';
import { crawl } from './crawl.ts';
import { offered, routed } from './form-kinds.ts';
import { inside, MOST_PAGES, onTwoDevices } from './logged-in.ts';
import type { Exchange, Visitor } from './visitor.ts';
import type { Flow, Way } from './way.ts';

/** How long one answer may take while the way is searched, in milliseconds. */
const LIMIT_HERE_MS = 8000;
/** How long trying sign-ups and logins may take, in milliseconds. */
const LONGEST = 45_000;
const MOST_TRIES = 8;

/**
 * Finds its way through an app: how to sign up and log in, and which page shows who is logged in.
 * @param most how many pages a visitor opens
 * @param bodies what the app's handlers read
 */
export async function findWay(
  visitorOf: () => Visitor,
  routes: readonly Route[],
  flow: Flow = {},
  most = MOST_PAGES,
  bodies: readonly Body[] = [],
): Promise<Way> {
  const account = newAccount();
  const way = await search(visitorOf, routes, flow, { ...account, ...flow.account }, most, bodies);
  if (way.probe || flow.account?.password || !way.offersSignUp) return way;
  // Some apps require a special character in a password or a picture, others refuse it.
  const plain = { ...newAccount(), password: account.password.replace(/[^A-Za-z\d]/g, '') };
  const second = await search(visitorOf, routes, flow, { ...plain, ...flow.account }, most, bodies, true);
  return second.probe ? second : way;
}

async function search(
  visitorOf: () => Visitor,
  routes: readonly Route[],
  flow: Flow,
  account: Account,
  most: number,
  bodies: readonly Body[],
  isSecond = false,
): Promise<Way & { readonly offersSignUp: boolean }> {
  const newVisitor = () => Object.assign(visitorOf(), { limitMs: LIMIT_HERE_MS });
  const stranger = newVisitor();
  const unanswered = new Set<string>();
  const pages = await crawl(stranger, routes, most, ['/'], unanswered);
  const tried: string[] = [];
  const signUps = flow.signUp
    ? [flow.signUp]
    : flow.account
      ? []
      : [...offered('signUp', pages, stranger), ...routed('signUp', routes, bodies)];
  // An app may want a picture, and say so nowhere.
  if (isSecond) signUps.sort((a, b) => empties(a) - empties(b));
  const logIns = flow.logIn
    ? [flow.logIn]
    : [...offered('logIn', pages, stranger), ...routed('logIn', routes, bodies)];
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

  const there = { account, routes, pages, flow, most, unanswered };

  const began = performance.now();
  const answers: Exchange[] = [];
  let signUp: Action | undefined;
  let byPage: Visitor | undefined;
  for (const action of signUps.slice(0, MOST_TRIES)) {
    if (isOver(began, LONGEST)) break;
    const visitor = newVisitor();
    const answer = await attempt(visitor, action, account, tried, 'sign-up');
    if (!answer) continue;
    answers.push(...visitor.history);
    const isAgain = showsAgain(visitor, action, answer);
    // Some show the form again after a sign-up that worked: then the first one counts.
    if (isAgain && signUp) continue;
    signUp = action;
    byPage = visitor;
    if (looksDone(answer) && !isAgain) break;
  }
  /** Logins that answered a wrong password like the right one. */
  const anyPassword: { logIn: Action; visitor: Visitor; answer: Exchange }[] = [];
  for (const logIn of logIns.slice(0, MOST_TRIES)) {
    if (isOver(began, LONGEST)) break;
    const visitor = newVisitor();
    const answer = await attempt(visitor, logIn, account, tried, 'login');
    if (!answer) continue;
    answers.push(...visitor.history);
    const wrong = newVisitor();
    const refusal = await attempt(wrong, logIn, account, [], 'login', `${account.password}x`);
    const found = await inside(visitor, [newVisitor(), wrong], { ...there, answer });
    if (found) {
      // A user with one device is not offered to sign out others.
      if (!found.everywhere) await attempt(newVisitor(), logIn, account, [], 'login');
      const everywhere = found.everywhere ?? (await onTwoDevices(visitor, found.ownPages));
      return { ...base, answers, signUp, logIn, ...found, everywhere };
    }
    if (refusal?.status === answer.status && refusal.path === answer.path)
      anyPassword.push({ logIn, visitor, answer });
    tried.push(
      `login by ${describeAction(logIn)}: ${answer.status}, and no page answers otherwise than to a wrong password`,
    );
  }
  for (const { logIn, visitor, answer } of anyPassword) {
    if (isOver(began, LONGEST)) break;
    const found = await inside(visitor, [newVisitor()], { ...there, answer, sure: true });
    if (found) return { ...base, answers, signUp, logIn, ...found, anyPassword: true };
  }
  // Some apps log in at sign-up, and the audit finds no login.
  if (byPage && signUp) {
    const found = await inside(byPage, [newVisitor()], there);
    if (found)
      tried.push('a login: the visitor who signed up is logged in, and no login was found for others');
  }
  return {
    ...base,
    answers,
    signUp: undefined,
    logIn: undefined,
    logOut: undefined,
    probe: undefined,
    ownPages: [],
  };
}
