import { setImmediate } from 'node:timers/promises';
import { shortened } from '#grader/check/exchange.ts';
import { sendRequest } from '#grader/check/send-request.ts';
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
  /** The Set-Cookie lines of the answer. */
  readonly setCookieLines: readonly string[];
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
export async function submitsWhileHeld(stage: Stage, shopper: Shopper, what: HeldForm): Promise<HeldWrite> {
  const { tap } = stage.mongo;
  const { limit } = stage.shop.patience;
  const { path, fields = {}, held } = what;
  const body = new URLSearchParams(await shopper.fills(path, fields));
  const url = new URL(path, await stage.shop.opened());
  const cookie = shopper.cookies.header(new URL(path, 'http://localhost'), { method: 'POST' });
  const sent = `${`POST ${path} ${body}`.trim()}, while MongoDB held back the ${held}\n${cookie ? `Cookie: ${shortened(cookie)}` : 'no Cookie'}`;

  // A write that the request before this one did not wait for would be taken for this one's.
  await roundTrip(url, limit);
  tap.forget();
  tap.hang();
  let early = false;
  let onHead = () => {};
  const begun = new Promise<void>((resolve) => {
    onHead = () => {
      early = true;
      resolve();
    };
  });
  const form = String(body);
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(Buffer.byteLength(form)),
    ...(cookie && { Cookie: cookie }),
  };
  // To its end, so that none of its commands is left for what comes next to run into.
  const answer = sendRequest(url, { method: 'POST', headers, body: form, limit, onHead });
  const over = answer.then(
    () => {},
    () => {},
  );
  await Promise.race([untilHeld(tap, held, limit), begun, over]);
  await roundTrip(url, limit);
  const wasEarly = early;
  await tap.behave();
  const {
    status,
    headers: got,
    setCookieLines,
  } = await answer.catch(async (error: Error) => {
    throw await stage.shop.silence(sent, error);
  });
  const when = wasEarly ? 'before' : 'after';
  return {
    sent,
    got: `${status} to ${got.location}, ${when} MongoDB had answered`,
    early: wasEarly,
    setCookieLines,
  };
}

/** Through the shop's process and back: what it had sent before has arrived by then, and is read in the next turn. */
async function roundTrip(url: URL, limit: number): Promise<void> {
  await sendRequest(new URL('/shop.css', url), { method: 'GET', limit }).catch(() => {});
  for (const _turn of ['this', 'a whole one']) await setImmediate();
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
