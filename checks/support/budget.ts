import { type FailureDetails, must } from '#grader/check/check.ts';
import { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';
import { catalogue } from '#shop/catalogue.ts';

// Checks of lesson 10's budget for a session, with a note that is too long for it.

/** How large a session is as JSON, in bytes. */
export function bytes(session: object): number {
  return Buffer.byteLength(JSON.stringify(session));
}

/** The same exchange, with the note shortened. */
export function withoutNote(exchange: Exchange): Exchange {
  return new Exchange(exchange.sent.replace(/(note=.{20})\S*/, '$1…'), exchange);
}

/** Whose note it is, the length of the note that is kept already, and the budget, in bytes. */
interface Within {
  readonly stage: Stage;
  readonly shopper: Shopper;
  readonly kept: number;
  readonly budget: number;
  readonly look: NonNullable<FailureDetails['look']>;
}

/** Fails unless a note is refused and the earlier one is still there. */
export async function mustRefuseNote(
  note: string,
  { stage, shopper, kept, budget, look }: Within,
): Promise<void> {
  const refused = withoutNote(await shopper.asks('/cart/note', { note }));
  const { packingNote = '' } = await stage.mongo.sessionOf(shopper);
  must(refused.status >= 400 && refused.status < 500, {
    after: refused,
    got: `${refused.got}\nthe document’s note has ${packingNote.length} of the ${note.length} characters`,
    likely: likelyNotRefused(refused, { note, kept: packingNote, before: kept, budget }),
    look,
  });
  must(packingNote.length === kept, {
    after: refused,
    got: `${refused.got}\nyet the document’s note has ${packingNote.length} characters`,
    likely:
      'The shopper was told no, and it is stored all the same: express-session saves what was put into req.session when the response ends, whatever its status. Refuse in store.set, or before req.session is touched.',
    look,
  });
}

/** Puts all products into the session, too. Fails unless that is refused. @returns the refusal, and the cart that is kept */
export async function mustStayWithin(
  { stage, shopper, budget, look }: Within,
  kept: Exchange,
): Promise<{ last: Exchange; page: Exchange }> {
  let last = kept;
  for (const { id } of catalogue) if (last.status < 400) last = await shopper.asks('/cart', { product: id });
  const { cookie, ...content } = await stage.mongo.sessionOf(shopper);
  must(last.status >= 400 && bytes(content) <= budget, {
    after: last,
    sent: `a note that fits, then all products one after the other\n${last.sent}`,
    got: `${last.got}\nthe session in MongoDB has ${bytes({ cookie, ...content })} bytes`,
    likely:
      bytes(content) <= budget
        ? 'The shop said yes to everything, and its session stayed within the budget: what it took went elsewhere, or the session was refused when the answer was on its way. await save(req), and redirect then.'
        : 'The note is limited, and the session is not: there are other ways into it. All of them lead through store.set. Measure there.',
    look,
  });
  return { last, page: await shopper.opensCart() };
}

/** Why a note that makes the session too large was not refused. */
function likelyNotRefused(
  { status }: Exchange,
  { note, kept, before, budget }: { note: string; kept: string; before: number; budget: number },
): string {
  if (status >= 500) {
    return 'The shop says that it is broken, and it is the note that is too long. Call back with httpError(413, …): errorPage has words for that.';
  }
  if (status < 400 && kept.length === before) {
    return 'The shop said yes, and the note is not stored: the session was refused when the answer was on its way, and only the error handler heard of it. Save first, await save(req), and answer then.';
  }
  if (kept === '') {
    return 'The shop said yes, and there is no note in the session any more: what was too much was left out, or all of the session was. Refuse it with httpError(413, …), so that the shopper knows, and leave what is stored as it is.';
  }
  if (kept !== note && note.startsWith(kept)) {
    return 'The note was cut, and the shopper was told that all went well. Refuse it, so that they can decide what to leave out.';
  }
  if (note.length < budget && kept === note) {
    return 'These are 1,500 characters and 4,500 bytes. MongoDB and the network count bytes: Buffer.byteLength().';
  }
  return 'A session far over the budget was stored: nobody measures it, or not the whole of it. It grows with whatever a visitor sends, and is read again at every request. Measure JSON.stringify(session) in store.set, and refuse what is over SESSION_BUDGET with httpError(413, …).';
}
