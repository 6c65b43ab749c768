import { setImmediate } from 'node:timers/promises';
import { Exchange, shortened } from '#grader/check/exchange.ts';
import { sendRequest } from '#grader/check/send-request.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Tap, TappedCommand } from '../../scripts/mongo/tap.ts';

/** The result of a form while the database held back its write. */
export interface HeldWrite {
  readonly sent: string;
  /** '303 to /account, before MongoDB had answered' */
  readonly got: string;
  /** Whether the answer began before that: a browser follows a redirect as soon as it has read where to. */
  readonly early: boolean;
  /** The request and its answer, as a shopper has them. The shopper does not keep its cookies. */
  readonly exchange: Exchange;
}

/** A form, and the kind of command that is held back. */
export interface HeldForm {
  readonly path: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly held: 'update' | 'delete';
}

/**
 * Submits a form while the database holds back each write of it in turn; what the shop asks otherwise passes. The answer is early when it
 * begins before the first write was answered, or before a later one that changes what the session holds. No verdict depends on time:
 * an answer that waits for its writes cannot have come, however slow or fast the machine is.
 * The shop must have used the database before: a new connection would be held, too.
 * @throws StepFailure when the answer is an error page, or none
 */
export async function submitsWhileHeld(
  stage: Stage,
  shopper: Shopper,
  { path, fields = {}, held }: HeldForm,
): Promise<HeldWrite> {
  const { tap } = stage.mongo;
  const { responseMs: limit } = stage.shop.timeLimits;
  const body = new URLSearchParams(await shopper.fills(path, fields));
  const url = new URL(path, await stage.shop.opened());
  const cookie = shopper.cookies.header(new URL(path, 'http://localhost'), { method: 'POST' });
  const sent = `${`POST ${path} ${body}`.trim()}, while MongoDB held back the ${held}\n${cookie ? `Cookie: ${shortened(cookie)}` : 'no Cookie'}`;

  // Otherwise a write that the previous request did not wait for would be taken for this one's.
  await roundTrip(url, limit);
  const printedBefore = stage.shop.printed;
  tap.forget();
  tap.hang();
  let hasBegun = false;
  let onHead = () => {};
  const begun = new Promise<void>((resolve) => {
    onHead = () => {
      hasBegun = true;
      resolve();
    };
  });
  const form = String(body);
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'Content-Length': String(Buffer.byteLength(form)),
    ...(cookie && { Cookie: cookie }),
  };
  const sentAt = stage.clock.now().getTime();
  // Read to its end, so that none of its commands disturbs the next step.
  const answer = sendRequest(url, { method: 'POST', headers, body: form, limit, onHead });
  let isOver = false;
  const over = answer
    .then(
      () => {},
      () => {},
    )
    .then(() => {
      isOver = true;
    });
  let isEarly = false;
  let isLetGo = false;
  let before: TappedCommand | undefined;
  while (!isEarly && !isOver) {
    const next = untilHeld(tap, held, limit, () => isLetGo);
    await Promise.race([next, over, ...(hasBegun ? [] : [begun])]);
    await roundTrip(url, limit);
    for (const write of tap.commands(held)) {
      if (hasBegun && (!before || changesSession(before, write))) isEarly = true;
      before = write;
    }
    if (hasBegun && !before) isEarly = true;
    if (isEarly || isOver) break;
    // No command passes unseen here: promises settle before new input is read.
    tap.forget();
    await tap.behave();
    tap.hang();
  }
  isLetGo = true;
  await tap.behave();
  const { port, ...answered } = await answer.catch(async (error: Error) => {
    throw await stage.shop.silence(sent, error, printedBefore);
  });
  const exchange = new Exchange(sent, { ...answered, fields });
  stage.sees({ exchange, sentAt, port, shop: stage.shop, shopper });
  if (exchange.status >= 400) throw await stage.shop.refusal(exchange, printedBefore);
  const when = isEarly ? 'before' : 'after';
  return {
    sent,
    got: `${exchange.status} to ${exchange.headers.location}, ${when} MongoDB had answered`,
    early: isEarly,
    exchange,
  };
}

/** A request through the shop's process: what it had sent before has arrived by then, and is read in the next turn. */
async function roundTrip(url: URL, limit: number): Promise<void> {
  await sendRequest(new URL('/shop.css', url), { method: 'GET', limit }).catch(() => {});
  for (const _turn of ['this', 'a whole one']) await setImmediate();
}

/** Whether a write stores other data of a session than the one before it. */
function changesSession(before: TappedCommand, write: TappedCommand): boolean {
  const data = dataIn(write);
  return data !== undefined && data !== dataIn(before);
}

/** What a write stores of a session beside its cookie and its end; undefined when it stores nothing of it. */
function dataIn({ body }: TappedCommand): string | undefined {
  const stored = [body.updates].flat().map((each) => each?.u?.$set?.session ?? each?.u?.session);
  if (stored.every((session) => session === undefined)) return undefined;
  return JSON.stringify(stored, (key, value) => (key === 'cookie' ? undefined : value));
}

/** Lets commands pass until one of that name is held. @param isLetGo whether the wait is over: later commands belong to another step */
async function untilHeld(tap: Tap, name: string, withinMs: number, isLetGo: () => boolean): Promise<void> {
  for (;;) {
    const next = await Promise.any(
      ['find', 'delete', 'update'].map((each) => tap.seen(each, withinMs)),
    ).catch(() => undefined);
    if (next === undefined || isLetGo() || next.name === name) return;
    // No command passes unseen here: promises settle before new input is read.
    tap.forget();
    await tap.behave();
    tap.hang();
  }
}
