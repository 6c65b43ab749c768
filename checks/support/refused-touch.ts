import { must } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { TappedCommand } from '../../scripts/mongo/tap.ts';
import { NO_RIGHTS } from './outage.ts';

/**
 * Fails when a page that changed nothing sent an update that makes a document where there is none. A set() of the store may: it
 * writes the whole session.
 */
export function mustNotUpsert({ mongo }: Stage, after: Exchange, look: readonly RegExp[]): void {
  const isUpsert = ({ body }: TappedCommand) =>
    [body, ...[body.updates ?? []].flat()].some(
      (each) => each.upsert === true && !('session' in (each.u?.$set ?? each.update?.$set ?? {})),
    );
  must(!mongo.tap.commands().some(isUpsert), {
    after,
    got: `${after.got}\nand MongoDB was sent an update with upsert: true`,
    likely:
      'touch() moves the end of a document that is there. With upsert: true it makes one where there is none: a page that is on its way while its shopper logs out brings the ID back that the logout deleted. Leave upsert out.',
    look: [/upsert/, ...look],
  });
}

/** Fails unless the shop runs on, and answers, while MongoDB refuses to move the end of a session. */
export async function mustOutliveRefusedTouch(
  { mongo, shop }: Stage,
  shopper: Shopper,
  look: readonly RegExp[],
): Promise<void> {
  mongo.tap.fail('update', { ...NO_RIGHTS, times: Number.POSITIVE_INFINITY });
  const { pid } = shop;
  const isAnswered = (path: string) =>
    shopper.asks(path).then(
      () => true,
      () => false,
    );
  const answered = await isAnswered('/');
  // By now an uncaught error has ended the process, also when the page had not waited for it.
  const lives = (await isAnswered('/shop.css')) && (await isAnswered('/shop.css'));
  await mongo.tap.behave();
  const sent = 'GET /, while MongoDB refused every update';
  const isSilent = lives && shop.pid === pid;
  must(answered || !isSilent, {
    sent,
    got: 'no answer, and the process lives',
    likely:
      'touch() got the error of its update and called nothing back, so the page waits for ever. Call the callback in either case: .then(() => callback(), callback).',
    look,
  });
  must(answered && lives, {
    sent,
    // It may have ended before its answer or after it: the next request opens the shop in another process.
    got: "the shop's process ended",
    likely:
      'An update that fails rejects its promise, and nobody looked at that: Node ends the process, for all shoppers. Give then() the callback a second time, .then(() => callback(), callback), or catch.',
    look,
  });
}
