import { randomBytes } from 'node:crypto';
import { must, needs, StepFailure } from '#grader/check/check.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';
import { mustHaveAccount } from './logged-in.ts';
import { looksAs } from './own-end.ts';
import { duration, endOfCookie } from './session-end.ts';

// Ada of lesson 9: she logs in, and visits again and again.

const MINUTE = 60_000;
const YEAR = 365 * 24 * 60 * MINUTE;
/** An ABSOLUTE_LIMIT that is not written as the starter has it. */
export const OTHER_LIMIT = /ABSOLUTE_LIMIT = (?!8 \* 60 \* 60 \* 1000;)/;

/** Ada, logged in, with no message waiting: the next page changes nothing in her session. */
export async function adaLogsIn(
  stage: Stage,
  look: readonly RegExp[],
): Promise<{ ada: Shopper; id: string }> {
  const ada = stage.shopper('Ada');
  const login = await ada.posts('/login', demoLogins.ada);
  await ada.lands(login);
  await mustHaveAccount(stage, ada, 'u-ada');
  const id = ada.sessionId() ?? '';
  must(await stage.mongo.session(id), {
    after: login,
    got: `${login.got}\nshop.sessions has no document with the _id ${id.slice(0, 8)}…`,
    likely:
      'Ada is logged in, and her session is not where its end could be looked at. Leave idField and collection of the store as they were.',
    look: [/idField|collection/, ...look],
  });
  return { ada, id };
}

/**
 * Fails when a session that has just logged in and looked ends at the absolute limit, or long before or after the idle limit.
 * @param end when its document ends; 0 when it is gone
 * @param look where in the answer the limits are, and where the end is moved
 */
export function mustLastAfterLogin(
  { clock }: Stage,
  end: number,
  look: { readonly limit: readonly RegExp[]; readonly touch: readonly RegExp[] },
): void {
  const lasts = end - clock.now().getTime();
  const sent = 'POST /login, then GET /account, by Ada';
  must(Math.abs(lasts - 8 * 60 * MINUTE) > 10 * MINUTE, {
    sent,
    got: `the document ends in ${duration(lasts)}: at the absolute limit`,
    likely:
      'Who is logged in and looks no more stays for 8 hours. maxAge is what is left until the absolute limit only when that is less than IDLE_LIMIT.',
    look: look.limit,
  });
  must(lasts < 40 * MINUTE, {
    sent,
    got: `the document ends in ${duration(lasts)}`,
    likely:
      'After a request the document ends in 30 minutes, as its cookie does. A new session did (step 9.1), and a page that looks at one wrote another end: touch() stores session.cookie.expires.',
    look: look.touch,
  });
  must(end === 0 || lasts > 20 * MINUTE, {
    sent,
    got: `the document ends in ${duration(lasts)}`,
    likely:
      'The lesson asks for an IDLE_LIMIT of 30 minutes and an ABSOLUTE_LIMIT of 8 hours, both in milliseconds. Was another limit left in from trying it out?',
    look: [/_LIMIT =/, ...look.limit],
  });
}

/**
 * Has Ada open her account every 25 minutes. Fails unless she is let in each time.
 * @param minutes for how long
 * @param look where in the answer to look, when she is logged out within the first hour, and after it
 */
export async function comesByFor(
  stage: Stage,
  ada: Shopper,
  minutes: number,
  look: { readonly early: readonly RegExp[]; readonly late: readonly RegExp[] },
): Promise<void> {
  const id = ada.sessionId() ?? '';
  const loginAt = stage.clock.now().getTime();
  for (let passed = 25; passed <= minutes; passed += 25) {
    const end = (await stage.mongo.session(id))?.expires?.getTime() ?? 0;
    await stage.timePasses(25 * MINUTE);
    const account = await ada.visits('/account').catch(silentNearLimit(passed, look.late));
    const isKnown = account.account === 'u-ada';
    const sent = `${duration(passed * MINUTE)} after the login, a page every 25 minutes\n${account.sent}`;
    const likely = 'Ada was active, and out long before 8 hours were over.';
    needs('9.4', isKnown || passed >= 60, {
      after: account,
      sent,
      likely: `${likely} Step 9.4 says why.`,
      look: look.early,
    });
    must(isKnown, {
      after: account,
      sent,
      likely: `${likely} ${
        end > loginAt && end <= stage.clock.now().getTime()
          ? `The page before had put the document's end to ${duration(end - loginAt)} after the login.`
          : 'The limit counts from loggedInAt, in milliseconds.'
      }`,
      look: [OTHER_LIMIT, ...look.late],
    });
  }
}

/**
 * For a page that got no answer after those before it had one: the same failure, with the likely reason.
 * @param passed the minutes since the login
 * @param look where in the answer to look
 */
export function silentNearLimit(passed: number, look: readonly RegExp[]): (error: unknown) => never {
  return (error) => {
    const isSilent = error instanceof StepFailure && error.details.got?.startsWith('no answer within');
    if (!isSilent || error.details.error || passed < 450) throw error;
    const after = `${duration(passed * MINUTE)} after the login, a page every 25 minutes`;
    throw new StepFailure({
      ...error.details,
      sent: `${after}\n${error.details.sent}`,
      likely:
        'Every page was answered until now, when less than IDLE_LIMIT is left of the 8 hours: the middleware sets maxAge, and calls no next(). Call next() in either case.',
      look,
    });
  };
}

/** Where a limit stands that ends a session only on a page that no route has answered. */
export const BELOW_ROUTES = 'below the routes';

/**
 * What ends a login in constant use, in words: 'after 24 hours'. BELOW_ROUTES when only a page that is not there ends it; undefined when
 * nothing does.
 */
export async function limitOf(stage: Stage, ada: Shopper, loginAt: number): Promise<string | undefined> {
  const id = ada.sessionId() ?? '';
  const now = () => stage.clock.now().getTime();
  while (now() - loginAt < 25 * 60 * MINUTE) {
    const before = now() - loginAt;
    const end = (await stage.mongo.session(id))?.expires?.getTime() ?? 0;
    await stage.timePasses(20 * MINUTE);
    if ((await ada.asks('/account')).account === 'u-ada') continue;
    // A limit that destroys the session leaves an end that lies after it.
    return end > 0 && end <= now()
      ? `after ${duration(end - loginAt)}`
      : `between ${duration(before)} and ${duration(now() - loginAt)} after it`;
  }
  // A middleware below the routes sees this request alone. It gives the cookie an end that has passed.
  const ends = endOfCookie(await ada.asks('/no-such-page'));
  if (ends !== undefined && ends < now()) return BELOW_ROUTES;
  const document = await stage.mongo.session(id);
  const longAgo = { ...document?.session, loggedInAt: loginAt - YEAR };
  const old = { _id: randomBytes(24).toString('base64url'), session: longAgo };
  const expires = new Date(now() + 20 * MINUTE);
  const looked = document && (await looksAs(stage, { ...old, expires }, '/account'));
  const left = await stage.mongo.session(old._id);
  const isOut = looked?.account !== 'u-ada' || !left || left.expires.getTime() <= now();
  return document && isOut ? 'after more than a day' : undefined;
}
