import { must } from '#grader/check/check.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import { askUntil } from '../../scripts/shared/fair-time.ts';
import { brokeOff, STORE_CLOSING } from './graceful-shutdown.ts';
import type { Instances } from './instances.ts';

/** A shutDown that goes on this long, in milliseconds, may wait for a time, and not for its requests. It is asked a second time. */
const LONG_SHUTDOWN = 500;
/** How much longer a request is held than the first shutDown took, in milliseconds. */
const LONGER = 500;
/** What the answer to a request that was held needs at the least, in milliseconds. */
const FOR_ANSWER = 1500;

/**
 * Fails when shutDown closes the store after a fixed time. One that took long is asked again, with a request that is held for longer than
 * that: only one that waits for the request leaves the store open. The time chooses who is asked again, and never a verdict.
 * @param tookMs from the first call of shutDown to the end of the process
 */
export async function mustWaitForRequests(both: Instances, ann: Shopper, tookMs: number): Promise<void> {
  const { a } = both;
  const { shop, tap } = a;
  const holdMs = tookMs + LONGER;
  if (tookMs < LONG_SHUTDOWN || holdMs > shop.timeLimits.responseMs - FOR_ANSWER) return;
  await both.putIn(a);
  await ann.opensCart();
  tap.forget();
  tap.hang();
  const sent = `A was asked to shut down once more, with a request in it that waited for MongoDB for ${(holdMs / 1000).toFixed(1)} s`;
  const asked = ann.asks('/cart').catch(brokeOff(shop, sent));
  const over = asked.catch(() => {});
  await Promise.race([tap.seen('find', shop.timeLimits.responseMs).catch(() => {}), over]);
  await both.takeOut(a);
  void shop.retire();
  const isEarly = () => shop.hasEnded || shop.closing.includes('store closed early');
  await askUntil(async () => isEarly(), Boolean, holdMs);
  await tap.behave();
  const answer = await asked;
  must(answer.status === 200 && !shop.closing.includes('store closed early'), {
    after: answer,
    sent: `${sent}:\n${answer.sent}`,
    got: `${answer.got}\nthe store was closed before MongoDB had answered`,
    likely: `The first time shutDown() took ${(tookMs / 1000).toFixed(1)} s, and no request needed that long. This one did, and the store was closed while it waited: shutDown() waits for a time. Nobody knows how long a request takes. The server's "close" comes when the last one has its answer.`,
    look: [/setTimeout|delay\(|sleep/, ...STORE_CLOSING],
  });
  await shop.close();
}
