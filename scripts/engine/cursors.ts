import { type Document, Long } from 'bson';
import { encode, MAX_DOCUMENT } from './codec.ts';
import { CommandError } from './errors.ts';
import type { Doc } from './values.ts';

type Result = Doc | Document;

interface Cursor {
  readonly namespace: string;
  rest: readonly Result[];
  usedAt: number;
}

/** How many documents the first batch has when the client does not say (MongoDB manual, "Cursor Batches"). */
const FIRST_BATCH = 101;
/** How long an unused cursor lives, in milliseconds (MongoDB manual, "cursorTimeoutMillis"). */
const IDLE = 600_000;

/** What to answer a query with. A `batchSize` of 0 opens a cursor without sending anything. */
export interface Answer {
  readonly namespace: string;
  readonly docs: readonly Result[];
  readonly batchSize: number | undefined;
  readonly singleBatch: boolean;
}

/** The open cursors of one server. A cursor holds what its query found: later writes do not change it. */
export class Cursors {
  readonly #open = new Map<string, Cursor>();
  #lastId = 0n;

  /** The reply to a query: its first batch, and a cursor when there is more. Ids are int64, 0 for "all sent". */
  open({ namespace, docs, batchSize, singleBatch }: Answer): Document {
    const firstBatch = takeBatch(docs, batchSize ?? FIRST_BATCH);
    const rest = docs.slice(firstBatch.length);
    if (rest.length === 0 || singleBatch)
      return { cursor: { firstBatch, id: Long.ZERO, ns: namespace }, ok: 1 };
    this.#lastId += 1n;
    this.#open.set(String(this.#lastId), { namespace, rest, usedAt: Date.now() });
    return { cursor: { firstBatch, id: Long.fromBigInt(this.#lastId), ns: namespace }, ok: 1 };
  }

  /** The next batch; without a size all that fits into a message. @throws {CommandError} 43, or 13 for another collection's cursor */
  more(id: Long, namespace: string, batchSize: number | undefined): Document {
    const cursor = this.#open.get(id.toString());
    if (cursor === undefined) throw new CommandError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    const nextBatch = takeBatch(cursor.rest, batchSize || Number.POSITIVE_INFINITY);
    cursor.rest = cursor.rest.slice(nextBatch.length);
    cursor.usedAt = Date.now();
    if (cursor.rest.length === 0) this.#open.delete(id.toString());
    return { cursor: { nextBatch, id: cursor.rest.length === 0 ? Long.ZERO : id, ns: namespace }, ok: 1 };
  }

  /** Whether there was such a cursor. */
  kill(id: Long): boolean {
    return this.#open.delete(id.toString());
  }

  /** Closes what nobody has used for ten minutes. */
  reap(now: number): void {
    for (const [id, cursor] of this.#open) if (now - cursor.usedAt > IDLE) this.#open.delete(id);
  }
}

/** As many as asked, but no more than fit beside each other into 16 MiB; at least one where one is asked. */
function takeBatch(docs: readonly Result[], count: number): readonly Result[] {
  const batch: Result[] = [];
  let bytes = 0;
  for (const doc of docs) {
    if (batch.length >= count) break;
    // In an array each has its type, its position as a text, and a NUL before it.
    bytes += encode(doc).length + String(batch.length).length + 2;
    if (batch.length > 0 && bytes > MAX_DOCUMENT) break;
    batch.push(doc);
  }
  return batch;
}
