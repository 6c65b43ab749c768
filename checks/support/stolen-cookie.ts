import type { Exchange } from '#grader/check/exchange.ts';
import type { Stage } from '#grader/check/stage.ts';

/** Mallory, who has a copy of a cookie, and ignores what the shop says about its end. @returns visits a page with it */
export async function thief(
  stage: Stage,
  cookie: { name: string; value: string } | undefined,
): Promise<(path: string) => Promise<Exchange>> {
  const mallory = stage.shopper('Mallory');
  await mallory.visits('/');
  return (path) => {
    if (cookie) mallory.carries(cookie.name, cookie.value);
    return mallory.visits(path);
  };
}
