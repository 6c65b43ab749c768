import { must } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { catalogue } from '#shop/catalogue.ts';
import type { TappedCommand } from '../../scripts/mongo/tap.ts';
import {
  asksToClose,
  brokeOff,
  CLOSING,
  endsBySelf,
  likelyLingers,
  likelyStillOpen,
  STORE_CLOSING,
} from './graceful-shutdown.ts';
import type { Instance, Instances } from './instances.ts';
import { likelyLost } from './lost.ts';

// A rolling restart of lesson 11: one instance after the other is replaced while shoppers click.

/** Closes an instance while shoppers use it, and opens it in another process. */
export async function replace(both: Instances, instance: Instance): Promise<void> {
  const { name, shop } = instance;
  const url = await shop.opened();
  await both.takeOut(instance);
  const closing = await asksToClose(shop, url);
  const ending = closing.stopped ? await endsBySelf(instance, closing) : undefined;
  must(ending?.ended, {
    sent: `instance ${name} was asked to shut down, in the middle of business`,
    got: ending ? 'its process goes on' : 'it took a new connection',
    likely: ending ? likelyLingers(ending) : likelyStillOpen(shop, closing),
    look: ending ? STORE_CLOSING : CLOSING,
  });
  await both.putIn(instance);
}

/** The result of a shopper who clicked all the time. */
export interface Clicked {
  readonly shopper: Shopper;
  /** How many products were added. */
  readonly added: number;
  /** The first answer that was a refusal: the shopper stopped there. */
  readonly refused: Exchange | undefined;
}

/** Adds one product after the other, and stops at the first refusal. */
export async function clicksWhile(
  both: Instances,
  shopper: Shopper,
  goesOn: () => boolean,
): Promise<Clicked> {
  let added = 0;
  do {
    const { id } = catalogue[added % catalogue.length] ?? { id: '' };
    const answer = await shopper.asks('/cart', { product: id }).catch(brokeOffByOne(both));
    if (answer.status !== 303) return { shopper, added, refused: answer };
    added++;
  } while (goesOn());
  return { shopper, added, refused: undefined };
}

/** For a click that got no answer: the same failure, from what the closing instance did. */
function brokeOffByOne({ a, b }: Instances): (error: unknown) => never {
  return (error) => {
    const closing = [a, b].find(({ shop }) => shop.closing.length > 0);
    if (!closing) throw error;
    return brokeOff(
      closing.shop,
      `Instance ${closing.name} was asked to shut down, with requests in it`,
    )(error);
  };
}

/**
 * Why a cart that was filled during a rolling restart is not full, and where in the answer to look.
 * @param shared where the answer sets what the instances share
 */
export async function likelyGone(
  stage: Stage,
  { a, b }: Instances,
  shopper: Shopper,
  cart: Exchange,
  shared: readonly RegExp[],
): Promise<{ likely: string; look: readonly RegExp[] }> {
  if ([a, b].some(({ tap }) => tap.commands().some(clearsAway))) {
    return {
      likely:
        'A new instance opens, or an old one closes, in the middle of business: what it clears away belongs to shoppers of the others.',
      look: [/deleteMany|\.drop\w*\(|\.clear\(/, ...CLOSING],
    };
  }
  return { likely: await likelyLost(stage, shopper, cart), look: shared };
}

/** Whether a command deletes sessions without naming their IDs. */
function clearsAway({ name, body }: TappedCommand): boolean {
  const deletes: { q?: object }[] = Array.isArray(body.deletes) ? body.deletes : [];
  return /^drop/.test(name) || deletes.some(({ q = {} }) => !('_id' in q));
}
