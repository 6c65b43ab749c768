import { type Doubt, must } from '#grader/check/check.ts';
import { Exchange } from '#grader/check/exchange.ts';
import type { Shopper } from '#grader/check/shopper.ts';
import type { Stage } from '#grader/check/stage.ts';

// Lesson 10's budget for a session, and the shopper's note that is too long for it.

/** What stands in MongoDB of a shopper's session. */
export async function sessionOf(stage: Stage, shopper: Shopper) {
  return (await stage.mongo.session(shopper.sessionId() ?? ''))?.session ?? {};
}

/** How large it is as JSON, in bytes. */
export function bytes(session: object): number {
  return Buffer.byteLength(JSON.stringify(session));
}

/** The same exchange, without the note in full. */
export function withoutNote(exchange: Exchange): Exchange {
  return new Exchange(exchange.sent.replace(/(note=.{20})\S*/, '$1…'), exchange);
}

/** Whose note it is, how long the one is that is kept already, and the budget, in bytes. */
interface Within {
  readonly stage: Stage;
  readonly shopper: Shopper;
  readonly kept: number;
  readonly budget: number;
  readonly look: NonNullable<Doubt['look']>;
}

/** Goes on when a note is refused, and the one before is still there. */
export async function mustRefuseNote(
  note: string,
  { stage, shopper, kept, budget, look }: Within,
): Promise<void> {
  const refused = withoutNote(await shopper.asks('/cart/note', { note }));
  const { packingNote = '' } = await sessionOf(stage, shopper);
  must(refused.status >= 400 && refused.status < 500, {
    after: refused,
    got: `${refused.got}\nthe document’s note has ${packingNote.length} of the ${note.length} characters`,
    likely: likelyNotRefused(refused, { note, kept: packingNote, budget }),
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

/** Why a note that makes the session too large was not refused. */
function likelyNotRefused(
  { status }: Exchange,
  { note, kept, budget }: { note: string; kept: string; budget: number },
): string {
  if (status >= 500) {
    return 'The shop says that it is broken, and it is the note that is too long. Call back with httpError(413, …): errorPage has words for that.';
  }
  if (kept !== note && note.startsWith(kept)) {
    return 'The note was cut, and the shopper was told that all went well. Refuse it, so that they can decide what to leave out.';
  }
  if (note.length < budget && kept === note) {
    return 'These are 1,500 characters and 4,500 bytes. MongoDB and the network count bytes: Buffer.byteLength().';
  }
  return 'Nobody measures the session. It grows with whatever a visitor sends, and is read again at every request. Refuse in store.set what is over SESSION_BUDGET, with httpError(413, …).';
}
