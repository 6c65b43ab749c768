import { setTimeout as delay } from 'node:timers/promises';
import { type Doubt, must, StepFailure } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Tap } from '../../scripts/mongo/tap.ts';

/** Between two questions to a shop whose database is coming back, in milliseconds. To ask without a pause would keep it busy. */
const PAUSE = 25;

/** How a database can be away. */
export type Outage = 'refuse' | 'hang';

/** What each of them is, in words. */
const OUTAGES: Readonly<Record<Outage, string>> = {
  refuse: 'while MongoDB was down and refused connections',
  hang: 'while MongoDB took connections and answered nothing',
};

/** Lets something happen while the database is away. It is back afterwards, whatever came of it. */
export async function whileAway<T>(
  tap: Pick<Tap, Outage | 'behave'>,
  outage: Outage,
  play: () => Promise<T>,
): Promise<T> {
  try {
    await tap[outage]();
    return await play();
  } finally {
    await tap.behave();
  }
}

/**
 * Asks again for as long as the shop says that its database is away.
 * @returns the first other answer, or the last 503 when the time is up
 */
export function untilServed(ask: () => Promise<Exchange>, withinMs: number): Promise<Exchange> {
  return askUntil(({ status }) => status !== 503, ask, withinMs);
}

/** Asks again until something is so. @returns the last answer, also when the time is up */
export async function askUntil(
  isSo: (answer: Exchange) => boolean,
  ask: () => Promise<Exchange>,
  withinMs: number,
): Promise<Exchange> {
  const limit = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (isSo(answer) || performance.now() > limit) return answer;
    await delay(PAUSE);
  }
}

/** What becomes of a request to a shop that has no database, and no word in its config on how long to wait: it waits on its own. */
export async function askedWithoutWord(
  stage: Stage,
  look: Doubt['look'],
): Promise<[PromiseSettledResult<Exchange>]> {
  const shop = stage.otherShop({ mongodbUri: await stage.databaseAway() });
  const answer = stage.shopper('Fay', shop).asks('/cart', { product: 'mug' });
  return Promise.allSettled([answer.catch(silentIn('refuse', look))]);
}

/** For a request that got no answer in time: the same failure, with what an outage of this kind has to do with it. */
export function silentIn(outage: Outage, look: Doubt['look']): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof StepFailure) || !error.doubt.got?.startsWith('no answer within')) throw error;
    const { sent = '' } = error.doubt;
    // What was printed meanwhile is no cause of the silence: the first line is all that there is to say.
    const [got = ''] = error.doubt.got.split('\n');
    throw new StepFailure({
      sent: `${sent}\n${OUTAGES[outage]}`,
      got,
      likely: LIKELY_SILENT[outage],
      ...(look ? { look } : {}),
    });
  };
}

const LIKELY_SILENT: Readonly<Record<Outage, string>> = {
  refuse:
    'The driver looks for a server for 30 seconds before it gives up, and so long the shopper looks at nothing. serverSelectionTimeoutMS, one of the store’s connectionOptions, makes it config.databaseTimeoutMs.',
  hang: 'A connection was there, and nobody answered on it. serverSelectionTimeoutMS is not about that: socketTimeoutMS ends a silence in mid-talk, connectTimeoutMS one at the greeting. Both are connectionOptions.',
};

/**
 * Goes on when the shop said that its database is away.
 * @param outage undefined: MongoDB is there, and refused the update
 */
export function mustBeHonest(
  stage: Stage,
  outage: Outage | undefined,
  answer: Exchange,
  look: NonNullable<Doubt['look']>,
): void {
  must(answer.status === 503, {
    after: answer,
    sent: `${answer.sent}\n${outage ? OUTAGES[outage] : 'while MongoDB refused the update'}`,
    likely: likelyDishonest(stage, answer),
    look,
  });
}

/** Why an answer that came while the database was away is not a 503. */
function likelyDishonest(stage: Stage, { sent, status }: Exchange): string {
  if (status < 400 && sent.startsWith('POST')) {
    return 'The shop said yes, and stored nothing where it lasts: the shopper finds out later. An error of the store is passed over on its way, or covered by another memory. Let it come through, as a 503.';
  }
  if (status < 400) {
    return 'Ann has a cart, and was shown none: an error of the store was taken for "there is no such session". Let it come through, as a 503.';
  }
  if (status === 500) {
    return stage.says(/503/)
      ? 'There is a 503, and not all errors of the store become one: get, set and destroy each call back with their own.'
      : '500 says that the shop is broken. It is not: its database is away, and 503 says so, to shoppers, robots and load balancers. Call back with httpError(503, …) in place of the error of the store.';
  }
  return 'The database is away, which is nobody’s mistake and soon over: that is a 503.';
}
