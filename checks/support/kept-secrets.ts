import { must } from '#grader/check/check.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { ShopDown } from '#grader/shop-process/shop-down.ts';
import type { Environment } from '#shop/config.ts';
import { standInDns } from './connecting.ts';
import { lineWith, partsOf, secretWord } from './connecting-words.ts';

/** Fails when a shop prints a password or a secret: as it starts, or in the error by which it refuses a damaged value. */
export async function mustKeepSecrets(stage: Stage, look: readonly RegExp[]): Promise<void> {
  const word = secretWord();
  const SESSION_SECRET = secretWord() + secretWord();
  const parts = partsOf(stage.mongo.tap, `p@ss:w/ord?#${word}`);
  const { address } = await standInDns(stage);
  const start = (env: Environment) => stage.shop.refusalToOpen({ env, dns: address });
  const damaged: Environment[] = [
    { MONGODB_URI: `"mongodb://ann:${word}@127.0.0.1:1/shop"`, SESSION_SECRET },
    { MONGODB_URI: `http://ann:${word}@127.0.0.1:1/shop`, SESSION_SECRET },
    { MONGODB_URI: `mongodb://ann:${word}@/shop`, SESSION_SECRET },
    { ...parts, SESSION_SECRET: word },
  ];
  const refused: ShopDown[] = [];
  for (const env of damaged) {
    const down = await start(env);
    if (down) refused.push(down);
  }
  const refusal = await start({ ...parts, SESSION_SECRET });
  // Once a page has come, so has what was printed before it.
  if (!refusal) await stage.shopper('Ann').isAnswered('/');

  const logged = lineWith([word, SESSION_SECRET], await stage.shop.close());
  must(!logged, {
    sent: `a start with MONGODB_PASSWORD=p@ss:w/ord?#${word}`,
    got: `it printed: ${logged}`,
    likely:
      'A secret is in the log now, and whoever reads logs has it. Print the host and the database, or nothing.',
    look: [/console\.\w+/, ...look],
  });
  const teller = refused.find(({ output }) => lineWith([word, SESSION_SECRET], output));
  const told = teller && lineWith([word, SESSION_SECRET], teller.output);
  must(!teller, {
    sent: `four starts with a damaged value, each with the secret ${word} in it`,
    got: `it said: ${told?.trim()}`,
    likely: /\[cause\]/.test(told ?? '')
      ? 'Node prints an error with its cause, and what a parser throws quotes the value. Throw an error of your own, without a cause.'
      : 'The message quotes the value, and messages end up in logs. Name the variable, and never say what is in it. What a parser throws may quote it, too.',
    ...(teller ? stage.shop.thrownAt(teller) : {}),
    look: [/throw/, /Error\(/, ...look],
  });
}
