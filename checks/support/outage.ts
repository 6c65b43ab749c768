import { type FailureDetails, must, StepFailure } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Tap } from '../../scripts/mongo/tap.ts';
import { askUntil } from '../../scripts/shared/fair-time.ts';

/** MongoDB's answer to a user without the right. Drivers do not retry after it. */
export const NO_RIGHTS = { code: 13, message: 'not authorized on shop' };

/** How a database can be away. */
export type Outage = 'refuse' | 'hang';

/** 'stall': one command is never answered, and the server works otherwise. */
type Fault = Outage | 'stall';

/** A sentence for each fault. */
const OUTAGES: Readonly<Record<Fault, string>> = {
  refuse: 'while MongoDB was down and refused connections',
  hang: 'while MongoDB took connections and answered nothing',
  stall: 'while MongoDB answered greetings, and never a find',
};

/** Runs a function while the database is away. It is back afterwards, also after an error. */
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
  return askUntil(ask, ({ status }) => status !== 503, withinMs);
}

/** For a request that got no answer in time: the same failure, with the likely reason for this kind of outage. */
export function silentIn(outage: Fault, look: FailureDetails['look']): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof StepFailure) || !error.details.got?.startsWith('no answer within')) throw error;
    const { sent = '' } = error.details;
    // What was printed meanwhile did not cause the silence: show the first line alone.
    const [got = ''] = error.details.got.split('\n');
    throw new StepFailure({
      sent: `${sent}\n${OUTAGES[outage]}`,
      got,
      likely: LIKELY_SILENT[outage],
      ...(look ? { look } : {}),
    });
  };
}

const LIKELY_SILENT: Readonly<Record<Fault, string>> = {
  refuse:
    'The driver looks for a server for 30 seconds before it gives up, and so long the shopper looks at nothing. serverSelectionTimeoutMS, one of the store’s connectionOptions, makes it config.databaseTimeoutMs.',
  hang: 'A connection was there, and nobody answered on it. serverSelectionTimeoutMS is not about that: socketTimeoutMS ends a silence in mid-talk, connectTimeoutMS one at the greeting. Both are connectionOptions.',
  stall:
    'MongoDB took the command and never answered it. To the driver the server is well, for it answers the driver’s greetings: serverSelectionTimeoutMS and connectTimeoutMS are not about that. socketTimeoutMS, one of the connectionOptions, ends the wait.',
};

/**
 * Fails unless the shop said that its database is away.
 * @param outage undefined when MongoDB is there and refused the update
 */
export function mustBeHonest(
  stage: Stage,
  outage: Fault | undefined,
  answer: Exchange,
  look: NonNullable<FailureDetails['look']>,
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
    return stage.seen.some(({ exchange }) => exchange.status === 503)
      ? 'There is a 503 for another request, so not all errors of the store become one: get, set and destroy each call back with their own.'
      : '500 says that the shop is broken. It is not: its database is away, and 503 says so, to shoppers, robots and load balancers. Call back with httpError(503, …) in place of the error of the store.';
  }
  return 'The database is away, which is nobody’s mistake and soon over: that is a 503.';
}
