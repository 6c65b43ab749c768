import { must, needs, StepFailure } from '#grader/check/check.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';
import { mustHaveAccount } from './logged-in.ts';
import { duration, endOfCookie } from './session-end.ts';

// Ada of lesson 9: she logs in, and visits again and again.

const MINUTE = 60_000;

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
 * Fails when a session that has just logged in ends at the absolute limit, or long before the idle limit.
 * @param end when its document ends; 0 when it is gone
 * @param look where in the answer the limits are
 */
export function mustLastAfterLogin({ clock }: Stage, end: number, look: readonly RegExp[]): void {
  const lasts = end - clock.now().getTime();
  const sent = 'POST /login, then GET /account, by Ada';
  must(Math.abs(lasts - 8 * 60 * MINUTE) > 10 * MINUTE, {
    sent,
    got: `the document ends in ${duration(lasts)}: at the absolute limit`,
    likely:
      'Who is logged in and looks no more stays for 8 hours. maxAge is what is left until the absolute limit only when that is less than IDLE_LIMIT.',
    look,
  });
  must(end === 0 || lasts > 20 * MINUTE, {
    sent,
    got: `the document ends in ${duration(lasts)}`,
    likely:
      'The lesson asks for an IDLE_LIMIT of 30 minutes and an ABSOLUTE_LIMIT of 8 hours, both in milliseconds. Was another limit left in from trying it out?',
    look: [/_LIMIT =/, ...look],
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
  for (let passed = 25; passed <= minutes; passed += 25) {
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
      likely: `${likely} The limit counts from loggedInAt, in milliseconds.`,
      look: look.late,
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
 * What ends a login in constant use.
 * @returns after how long it ends, in milliseconds; BELOW_ROUTES when only a page that is not there ends it; undefined when it goes on for
 * more than a day and an hour
 */
export async function limitOf(
  stage: Stage,
  ada: Shopper,
  loginAt: number,
): Promise<number | typeof BELOW_ROUTES | undefined> {
  for (let passed = 0; passed < 25 * 60 * MINUTE; ) {
    await stage.timePasses(20 * MINUTE);
    passed = stage.clock.now().getTime() - loginAt;
    if ((await ada.asks('/account')).account !== 'u-ada')
      return Math.round(passed / (60 * MINUTE)) * 60 * MINUTE;
  }
  // A middleware below the routes sees this request alone. It gives the cookie an end that has passed.
  const ends = endOfCookie(await ada.asks('/no-such-page'));
  return ends !== undefined && ends < stage.clock.now().getTime() ? BELOW_ROUTES : undefined;
}
