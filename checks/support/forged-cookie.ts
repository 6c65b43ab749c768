import { sign } from 'cookie-signature';
import { must } from '#grader/check/check.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';

/** Secrets from tutorials. */
const GUESSES = ['keyboard cat', 'secret', 'yourSecretKey', 'changeme'];

/**
 * Fails when a cookie for the shopper's session, signed with any string in the answer's code or with a secret from tutorials,
 * opens it.
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
