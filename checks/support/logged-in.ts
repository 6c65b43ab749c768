import type { Document } from 'mongodb';
import { must, needs } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';
import { isRedirect, LIKELY_SHARED, LOG_IN, likelyNoAccount, likelyNotTurned } from './login-words.ts';

// Steps need a shopper who is logged in.

/**
 * Fails unless a shopper gets the account of this user.
 * @param before what was done before, ending with a line break: it is shown as sent
 */
export async function mustHaveAccount(
  stage: Stage,
  shopper: Shopper,
  user: string,
  before = '',
): Promise<void> {
  const page = await shopper.visits('/account');
  must(page.account === user, {
    after: page,
    sent: `${before}${page.sent}`,
    ...(await likelyNoAccount(stage, shopper, page)),
  });
}

/** The stored session after a login: when it has no flag yet, after the redirects of the login. */
export async function sessionAfter(stage: Stage, shopper: Shopper, login: Exchange): Promise<Document> {
  const session = await stage.mongo.sessionOf(shopper);
  if (session.isLoggedIn || !isRedirect(login)) return session;
  // When they lead to no page, the step about them says so.
  await shopper.lands(login).catch(() => undefined);
  return stage.mongo.sessionOf(shopper);
}

/** Fails unless the document says that a shopper is logged in, as the steps after 7.2 need. */
export async function mustBeLoggedIn(stage: Stage, shopper: Shopper, login: Exchange): Promise<void> {
  const { isLoggedIn } = await sessionAfter(stage, shopper, login);
  needs('7.2', isLoggedIn === true, {
    after: login,
    likely: `The session does not say that ${shopper.name} is logged in: step 7.2 says why.`,
    look: LOG_IN,
  });
}

/** Whether a new process turns away a visitor whom the old one let in, because the login was in its memory. */
export async function isForgotten(stage: Stage, visitor: Shopper): Promise<boolean> {
  await stage.shop.restart();
  const page = await visitor.asks('/account');
  return page.headers.location?.split('?')[0] === '/login';
}

/** Whether an answer sends a visitor to the login page. */
export const isTurned = ({ headers }: Exchange) => headers.location?.split('?')[0] === '/login';

/** Why a visitor who is not logged in was not sent to the login page, by what happens to one who is. */
export async function likelyLetIn(
  stage: Stage,
  visitor: Shopper,
  turned: Exchange,
  isStranger: boolean,
): Promise<string> {
  if (turned.account !== undefined) {
    const insider = stage.shopper('Grace');
    await insider.posts('/login', demoLogins.grace);
    if (isTurned(await insider.asks('/account')))
      return 'The guard is the wrong way round: it sends who is logged in to /login, and lets everybody else pass.';
    if (await isForgotten(stage, visitor)) return LIKELY_SHARED;
  }
  return likelyNotTurned(turned, isStranger);
}
