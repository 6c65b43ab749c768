import { setTimeout as delay } from 'node:timers/promises';
import { must } from '#grader/check/check.ts';
import { Exchange } from '#grader/check/exchange.ts';
import { sendRequest, type WireAnswer } from '#grader/check/send-request.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { startTap, type Tap } from '../../scripts/mongo/tap.ts';
import { askUntil, limitNow } from '../../scripts/shared/fair-time.ts';
import { mustBeHonest, silentIn } from './outage.ts';

// How long a shop of lesson 10 waits for its database: as long as its config says, and not for ever.

/** Longer than any step of the lesson, in milliseconds. */
const LONG_WAIT = 120_000;
/** In milliseconds. A shop that answers sooner did not wait. */
const NO_WAIT = 1000;
/** How long a shop with the default of 2 s may take, in milliseconds. Longer on a busy machine, but always below the driver's own 30 s. */
const DEFAULT_LIMIT = 12_000;
const LONGEST_LIMIT = 25_000;
/** How long a write takes on a slow database, and how long a shop may need until it is served there, in milliseconds. */
const SLOW_WRITE = 300;
const SLOW_LIMIT = 4000;
/** How long a database stays away from a store that does not try again, in milliseconds. */
const AWAY_LIMIT = 4000;
/** More connections than a store makes that tries only twice. */
const ATTEMPTS = 3;

/** Fails unless a shop gives up on a command that a working server never answers. */
export async function mustGiveUp(stage: Stage, shopper: Shopper, look: readonly RegExp[]): Promise<void> {
  const { tap } = stage.mongo;
  tap.hold('find');
  try {
    const answer = await shopper.asks('/cart').catch(silentIn('stall', look));
    mustBeHonest(stage, 'stall', answer, look);
  } finally {
    await tap.behave();
  }
}

/**
 * Sends requests to a shop without a limit in its config, which waits for 2 seconds: first its database is slow, then away.
 * @returns a function for the end of the step: it fails unless the shop waited for the slow one, and then said 503
 */
export async function askedWithoutWord(stage: Stage, look: readonly RegExp[]): Promise<() => Promise<void>> {
  const tap = await startTap(stage.mongo.tap.uri);
  stage.afterwards(() => tap.stop());
  tap.slowWrites(SLOW_WRITE);
  const shop = stage.otherShop({ mongodbUri: `${tap.uri}shop`, databaseTimeoutMs: undefined });
  const sent = 'POST /cart product=mug\nno Cookie';
  const limit = Math.min(limitNow(DEFAULT_LIMIT), LONGEST_LIMIT);
  const url = await shop.opened();
  // Before the step takes its own database away, which is behind this one.
  const slow = await askUntil(
    () => addsMug(url, limit),
    (answer) => answer?.status !== 503,
    SLOW_LIMIT,
  );
  await tap.refuse();
  let began = 0;
  const ask = () => {
    began = performance.now();
    return Promise.race([addsMug(url, limit), delay(limit, undefined, { ref: false })]);
  };
  // Until the driver has noticed, a command fails at once with its connection.
  const hasWaited = (each?: WireAnswer) => !each || performance.now() - began > NO_WAIT;
  const asked = askUntil(ask, hasWaited, NO_WAIT);
  return async () => {
    const answer = await asked;
    if (!answer && shop.hasEnded) throw await shop.silence(sent, new Error('the process has ended'));
    must(slow?.status !== 503, {
      sent: `${sent}\nwhile MongoDB answered each write after ${SLOW_WRITE} ms`,
      got: `503, again and again for ${SLOW_LIMIT / 1000} s`,
      likely:
        'The config of this shop has no databaseTimeoutMs, and then a shop waits for 2 seconds. This one did not wait for a slow answer. Is its default in milliseconds?',
      look,
    });
    must(answer, {
      sent: `${sent}\nwhile MongoDB was down and refused connections`,
      got: `no answer within ${Math.round(limit / 1000)} s`,
      likely:
        'The config of this shop has no databaseTimeoutMs, and then a shop waits for 2 seconds. This one waited longer. With databaseTimeoutMs: 500 it did not: what is missing is the default.',
      look,
    });
    mustBeHonest(stage, 'refuse', new Exchange(sent, answer), look);
  };
}

/**
 * Sends a request to a shop whose database has gone away, and which may wait long for it.
 * @returns a function that fails when the shop has given up by then
 */
export async function askedWithLongWait(stage: Stage, look: readonly RegExp[]): Promise<() => void> {
  const tap = await startTap(stage.mongo.tap.uri);
  stage.afterwards(() => tap.stop());
  const shop = stage.otherShop({ mongodbUri: `${tap.uri}shop`, databaseTimeoutMs: LONG_WAIT });
  // A shop may connect to its database before it listens.
  const url = await shop.opened();
  await tap.refuse();
  const began = performance.now();
  let got: string | undefined;
  const asked = addsMug(url, LONG_WAIT);
  void asked.then((answer) => {
    // No answer when the process ended while it waited. A quick one when it knew that its database has gone: then it did not wait.
    const waitedMs = performance.now() - began;
    if (answer && waitedMs > NO_WAIT) got = `${answer.status}, after ${(waitedMs / 1000).toFixed(1)} s`;
  });
  return () =>
    must(got === undefined, {
      sent: `POST /cart product=mug\nwith databaseTimeoutMs: ${LONG_WAIT} in the config, after its database had gone away`,
      got: got ?? '',
      likely:
        'The config said how long to wait, and the shop gave up before: a number of its own stands where config.databaseTimeoutMs belongs.',
      look,
    });
}

/** Puts a mug into a cart without a shopper of the step: a silence is no evidence for other failures. @returns its answer, when one comes */
function addsMug(url: string, limit: number): Promise<WireAnswer | undefined> {
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '11' };
  return sendRequest(new URL('/cart', url), { method: 'POST', headers, body: 'product=mug', limit }).catch(
    () => undefined,
  );
}

/**
 * Keeps the database away until a store has tried to connect several times, or long enough to show that it does not
 * try again. Requests go on meanwhile: a store may connect when one needs it.
 */
export async function stayAway(
  tap: Pick<Tap, 'dropAt' | 'behave' | 'connections'>,
  ask: () => Promise<Exchange>,
): Promise<void> {
  const before = tap.connections;
  // Each attempt is a connection that is cut at its greeting, under each name of that command.
  for (const greeting of ['hello', 'isMaster', 'ismaster']) tap.dropAt(greeting, Number.POSITIVE_INFINITY);
  await askUntil(ask, () => tap.connections >= before + ATTEMPTS, AWAY_LIMIT);
  await tap.behave();
}
