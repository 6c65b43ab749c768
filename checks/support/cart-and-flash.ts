import { must } from '#grader/check/check.ts';
import type { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { demoLogins } from '#shop/users.ts';
import { LOG_IN } from './login-words.ts';

// Steps of lesson 8 about carts and messages, and likely reasons why they fail.

const { ada, grace } = demoLogins;
/** Where an answer takes the message. */
export const FLASH = [/function takeFlash/, /takeFlash|flash/];

/**
 * A message that was just made is on the next page, and on none after it.
 * @param path where that is: the cart, which the shop leads to, or a page to which it has led since
 */
export async function mustShowOnce(
  stage: Stage,
  shopper: Shopper,
  made: Exchange,
  path: string,
): Promise<void> {
  const shown = path === '/cart' ? await shopper.lands(made) : await shopper.visits(path);
  const { keys = [] } = (await stage.factsOf('POST /cart')) ?? {};
  must(shown.flash, {
    after: shown,
    sent: `${made.sent.split('\n')[0]}, and then\n${shown.sent}`,
    got: `${shown.got}\nno message`,
    likely:
      made.status < 300
        ? 'POST /cart was answered with a page, which took the message. Answer with a redirect, 303, to /cart: the message is for the page after it.'
        : !keys.includes('flash')
          ? 'POST /cart put no message into its session: that is req.session.flash.'
          : path === '/cart'
            ? 'The message was made, and the next page does not show it. It is req.session.flash: read it once a page, before it is deleted, and pass it on as flash.'
            : (await stage.mongo.sessionOf(shopper)).flash
              ? `The message is still in the session: GET ${path} does not show it. Each page of the shop shows it: flash: takeFlash(req).`
              : 'A request that only redirected took the message, and nobody read it. Take it where a page is rendered.',
    look: FLASH,
  });
  mustBeText(shown);
  for (const next of [path, '/']) {
    const later = await shopper.visits(next);
    must(later.flash === undefined, {
      after: later,
      likely:
        'The message is shown again. Taking it means to forget it: delete req.session.flash before the page is sent.',
      look: FLASH,
    });
  }
}

/** Fails when a page shows an object, or a promise, where its message belongs. */
export function mustBeText(page: Exchange): void {
  const [, kind] = page.flash?.match(/^\[object (\w+)\]$/) ?? [];
  must(!kind, {
    after: page,
    likely:
      kind === 'Promise'
        ? 'The page was given a promise as its message: an async function returns one, and so does what ends with .then(). Await it where the page is rendered, or make takeFlash an ordinary function.'
        : 'The page was given an object as its message, and shows it as such. A message is a text.',
    decided: true,
    look: kind === 'Promise' ? FLASH : [/session\.flash = /, ...FLASH],
  });
}

/** Why a visitor's cart did not come along, by what happens to the cart of a user. */
export async function likelyLeftBehind(stage: Stage): Promise<{ likely: string; look: readonly RegExp[] }> {
  const counter = stage.shopper('the browser at the counter');
  await counter.posts('/login', ada);
  await counter.adds('teapot');
  await counter.posts('/login', grace);
  const taken = await counter.opensCart();
  return inCart(taken) === '1 teapot'
    ? {
        likely:
          "The cart of a user comes along at the next login, and a visitor's does not: the condition is the wrong way round. It is a visitor's when the old session was not logged in.",
        look: [/\b(?:const|let) \{?\s*cart\b/, ...LOG_IN],
      }
    : {
        likely:
          'regenerate() makes an empty session. Keep the cart in a constant before it, and put it into the new req.session after it.',
        look: LOG_IN,
      };
}

/** That quantities are texts, which are put together and not added; undefined when they are none. */
export function likelyText(cart: unknown): string | undefined {
  return Array.isArray(cart) && cart.some((item) => typeof item?.quantity === 'string')
    ? 'A quantity is a text, and "1" + 1 is "11". Keep it as a number.'
    : undefined;
}

/** '2 mug, 1 teapot', 'nothing': what a cart page shows. */
export function inCart({ cart }: Exchange): string {
  return cart.map(({ product, quantity }) => `${quantity} ${product}`).join(', ') || 'nothing';
}
