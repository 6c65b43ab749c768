import type { Document } from 'mongodb';
import { must, needs } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Told } from '#grader/check/failure.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';
import {
  GUARD,
  IN_MEMORY,
  isRedirect,
  LIKELY_SHARED,
  LOG_IN,
  likelyNoAccount,
  likelyNotTurned,
} from './login-words.ts';

const ACCOUNT = 'http://shop/account';
const LOGIN = 'http://shop/login';

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

/** Fails when a new process of the shop sends a shopper who is logged in to the login page. */
export async function mustOutliveProcess(stage: Stage, shopper: Shopper): Promise<void> {
  await stage.shop.restart();
  const page = await shopper.asks('/account');
  const { keys = [] } = (isTurned(page) && (await stage.factsOf('GET /account'))) || {};
  must(!isTurned(page), {
    after: page,
    sent: `a restart of the shop, and then\n${page.sent}`,
    likely: keys.includes('isLoggedIn')
      ? 'The session came back with isLoggedIn in it, and the new process turns its user away: the guard asks something that was in the memory of the old one. Ask req.session.'
      : 'The same cookie was logged in before the restart. The new process found no login for it.',
    look: [...IN_MEMORY, ...GUARD],
  });
}

/**
 * Whether an answer sends a visitor to the login page. A browser takes login on /account for /login, and follows a Location only where the
 * status is a redirect's.
 */
export const isTurned = (exchange: Exchange) => {
  const { location } = exchange.headers;
  return (
    isRedirect(exchange) && location !== undefined && new URL(location, ACCOUNT).href.split('?')[0] === LOGIN
  );
};

/** Why a visitor who is not logged in was not sent to the login page, by what happens to one who is. */
export async function likelyLetIn(
  stage: Stage,
  visitor: Shopper,
  turned: Exchange,
  isStranger: boolean,
): Promise<Told> {
  if (turned.account !== undefined) {
    const insider = stage.shopper('Grace');
    await insider.posts('/login', demoLogins.grace);
    if (isTurned(await insider.asks('/account')))
      return {
        likely:
          'The guard is the wrong way round: it sends who is logged in to /login, and lets everybody else pass.',
        look: GUARD,
      };
    const { session } = (await stage.mongo.session(visitor.sessionId() ?? '')) ?? {};
    if (session?.isLoggedIn)
      return {
        likely:
          'Nobody logged in, and the document says isLoggedIn now: the guard puts it there itself. One = assigns; to ask, leave it away, or write ===.',
        look: [/if\s*\(.*isLoggedIn\s*=(?!=)/, ...GUARD],
      };
    if (await isForgotten(stage, visitor)) return { likely: LIKELY_SHARED, look: [...IN_MEMORY, ...GUARD] };
  }
  return { likely: likelyNotTurned(turned, isStranger), look: GUARD };
}
