import { shortened } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Tap } from '../../scripts/mongo/tap.ts';

/** What became of a form while the database held back the write that it asked for. */
export interface HeldWrite {
  readonly sent: string;
  /** '303 to /account, before MongoDB had answered' */
  readonly got: string;
  /** Whether the answer began before that: a browser follows a redirect as soon as it has read where to. */
  readonly early: boolean;
}

/** A form, and the command that is held back. */
export interface HeldForm {
  readonly path: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly held: 'update' | 'delete';
}

/**
 * Submits a form while the database holds back one kind of command; what the shop asks before it passes. No verdict
 * hangs on time: an answer that waits for its write cannot have come, however slow or fast the machine is.
 * The shop must have asked the database something before: a connection that is made meanwhile would be held too.
 */
export async function submitsWhileHeld(stage: Stage, shopper: Shopper, form: HeldForm): Promise<HeldWrite> {
  const { tap } = stage.mongo;
  const { limit } = stage.shop.patience;
  const { path, fields = {}, held } = form;
  const body = new URLSearchParams(await shopper.fills(path, fields));
  const url = new URL(path, await stage.shop.opened());
  const cookie = shopper.cookies.header(new URL(path, 'http://localhost'), { method: 'POST' });
  const sent = `${`POST ${path} ${body}`.trim()}, while MongoDB held back the ${held}\n${cookie ? `Cookie: ${shortened(cookie)}` : 'no Cookie'}`;

  tap.forget();
  tap.hang();
  const options = { method: 'POST', body, redirect: 'manual', headers: { cookie } } as const;
  // It resolves with the head of the answer: the body may still be waiting for the session to be saved.
  const answer = fetch(url, { ...options, signal: AbortSignal.timeout(limit) });
  let early = false;
  const begun = answer.then(
    () => {
      early = true;
    },
    () => {},
  );
  await Promise.race([untilHeld(tap, held, limit), begun]);
  // A round trip through the same process: what it had sent before that has arrived by then.
  await fetch(new URL('/shop.css', url), { signal: AbortSignal.timeout(limit) }).catch(() => {});
  const wasEarly = early;
  await tap.behave();
  const response = await answer.catch(async (error: Error) => {
    const timeout = error.name === 'TimeoutError' ? { timeout: limit } : {};
    throw await stage.shop.silence(sent, Object.assign(error, timeout));
  });
  // To its end, so that none of its commands is left for what comes next to run into.
  await response.arrayBuffer().catch(() => {});
  const when = wasEarly ? 'before' : 'after';
  const got = `${response.status} to ${response.headers.get('location')}, ${when} MongoDB had answered`;
  return { sent, got, early: wasEarly };
}

/** Lets commands pass until one of that name is held. Returns without one when none comes. */
async function untilHeld(tap: Tap, name: string, withinMs: number): Promise<void> {
  for (;;) {
    const next = await Promise.any(
      ['find', 'delete', 'update'].map((each) => tap.seen(each, withinMs)),
    ).catch(() => undefined);
    if (next === undefined || next.name === name) return;
    // Nothing slips through in between: promises are settled before anything that arrives on a wire is looked at.
    tap.forget();
    await tap.behave();
    tap.hang();
  }
}
