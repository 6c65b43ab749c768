import { sign } from 'cookie-signature';
import { must } from '#grader/check/check.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';

/** What stands in tutorials. */
const GUESSES = ['keyboard cat', 'secret', 'yourSecretKey', 'changeme'];

/**
 * Goes on when nobody can write a cookie for a shopper's session who knows its ID, has read the shop's code, and has seen some
 * tutorials.
 * @param shopper one with something in the cart
 */
export async function mustRefuseForged(
  stage: Stage,
  shopper: Shopper,
  look: readonly RegExp[],
): Promise<void> {
  const { name } = shopper.sessionCookie() ?? { name: '' };
  const mallory = stage.shopper('Mallory');
  await mallory.visits('/');
  for (const guess of [...stage.stringsInCode(), ...GUESSES]) {
    mallory.carries(name, `s:${sign(shopper.sessionId() ?? '', guess)}`);
    const forged = await mallory.opensCart();
    must(forged.cart.length === 0, {
      after: forged,
      got: `${forged.got}\nthe cookie was forged with the secret "${guess}"`,
      likely:
        'A cookie with a guessed signature opened the session. The answer accepts more than config.sessionSecret.',
      look,
    });
  }
}
