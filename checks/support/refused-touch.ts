import { must } from '#grader/check/check.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';

/** What a database answers whose user has lost a right. No driver tries such a thing again. */
const NO_RIGHTS = { code: 13, message: 'not authorized on shop', times: Number.POSITIVE_INFINITY };

/** Goes on when the shop lives on, and answers, while MongoDB refuses to move the end of a session. */
export async function mustOutliveRefusedTouch(
  { mongo, shop }: Stage,
  shopper: Shopper,
  look: readonly RegExp[],
): Promise<void> {
  mongo.tap.fail('update', NO_RIGHTS);
  const { pid } = shop;
  const isAnswered = (path: string) =>
    shopper.asks(path).then(
      () => true,
      () => false,
    );
  const answered = await isAnswered('/');
  // By now an error that nobody caught has ended the process, also when the page had not waited for it.
  const lives = (await isAnswered('/shop.css')) && (await isAnswered('/shop.css'));
  await mongo.tap.behave();
  must(answered && lives, {
    sent: 'GET /, while MongoDB refused every update',
    // It may have ended before its answer or after it: what is asked next opens the shop in another process.
    got: lives && shop.pid === pid ? 'no answer' : "the shop's process ended",
    likely:
      'An update that fails rejects its promise, and nobody looked at that: Node ends the process, for all shoppers. Give then() the callback a second time, .then(() => callback(), callback), or catch.',
    look,
  });
}
