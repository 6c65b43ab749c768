import { type Document, Long } from 'bson';
import type { Raw } from './bson-writer.ts';
import { elementSize, MAX_DOCUMENT, rawDocument } from './codec.ts';
import { CommandError } from './errors.ts';
import type { Held, Item, Items } from './item.ts';
import type { Job, Steps } from './turns.ts';

/** How many documents the first batch has when the client does not say (MongoDB manual, "Cursor Batches"). */
const FIRST_BATCH = 101;
/** How long an unused cursor lives, in milliseconds (MongoDB manual, "cursorTimeoutMillis"). */
const IDLE = 600_000;
/** What all open cursors together may keep, in bytes. */
const MAX_HELD = 256 * 1024 * 1024;
/** The memory of a cursor without its documents, in bytes: more than was measured. */
const OVERHEAD = 8 * 1024;

/** How to answer a query. A `batchSize` of 0 opens a cursor without sending anything. */
export interface Answer {
  readonly namespace: string;
  readonly items: Items;
  /** The memory for results that the query keeps. */
  readonly held: Held;
  readonly batchSize: number | undefined;
  readonly singleBatch?: boolean;
  /** Whether it stays open without use. */
  readonly noTimeout?: boolean;
  /** The session of its client, with which it ends. */
  readonly session?: string | undefined;
}

interface Cursor {
  readonly answer: Answer;
  /** int64, 0 until the cursor is open. */
  id: Long;
  /** A document that did not fit into the last batch. */
  next?: Item | undefined;
  usedAt: number;
  /** The rest of the time limit from its client, in milliseconds. */
  timeLeft: number;
  busy: boolean;
}

/** The open cursors of one server. A cursor searches on demand; only results that must first be sorted or grouped are kept. */
export class Cursors {
  readonly #open = new Map<string, Cursor>();
  /** A monotonic clock, in milliseconds. */
  readonly #now: () => number;
  #lastId = 0n;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#open.size;
  }

  /** The reply to a query: its first batch, and a cursor when there is more. */
  *open(answer: Answer, job: Job): Steps<Document> {
    const cursor: Cursor = { answer, id: Long.ZERO, usedAt: 0, timeLeft: 0, busy: false };
    const { batch, more } = yield* takeBatch(cursor, answer.batchSize ?? FIRST_BATCH);
    if (more && !answer.singleBatch) {
      this.#lastId += 1n;
      cursor.id = Long.fromBigInt(this.#lastId);
      cursor.usedAt = this.#now();
      cursor.timeLeft = job.deadline - performance.now();
      this.#open.set(cursor.id.toString(), cursor);
      this.#bound(cursor);
    }
    return { cursor: { firstBatch: batch, id: cursor.id, ns: answer.namespace }, ok: 1 };
  }

  /** The next batch; without a size as much as fits into a message. @throws {CommandError} 43, 237, 292, or 13 for another collection's cursor */
  *more(id: Long, namespace: string, batchSize: number | undefined, job: Job): Steps<Document> {
    const cursor = this.#open.get(id.toString());
    if (cursor === undefined) throw new CommandError(43, `cursor id ${id} not found`);
    const { answer } = cursor;
    if (answer.namespace !== namespace) {
      throw new CommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${answer.namespace}`,
      );
    }
    if (cursor.busy) throw new CommandError(292, `cursor id ${id} is already in use`);
    cursor.busy = true;
    let open = false;
    const started = performance.now();
    job.deadline = started + cursor.timeLeft;
    try {
      const { batch, more } = yield* takeBatch(cursor, batchSize || Number.POSITIVE_INFINITY);
      if (!this.#open.has(id.toString())) throw new CommandError(237, `cursor id ${id} was killed`);
      open = more;
      return { cursor: { nextBatch: batch, id: open ? id : Long.ZERO, ns: namespace }, ok: 1 };
    } finally {
      cursor.busy = false;
      cursor.usedAt = this.#now();
      cursor.timeLeft -= performance.now() - started;
      if (!open) this.#close(cursor);
    }
  }

  /** Whether there was such a cursor. */
  kill(id: Long): boolean {
    const cursor = this.#open.get(id.toString());
    if (cursor !== undefined) this.#close(cursor);
    return cursor !== undefined;
  }

  /** Closes the cursors of these sessions, or of all. */
  endSessions(sessions?: ReadonlySet<string>): void {
    for (const cursor of this.#open.values()) {
      const { session } = cursor.answer;
      if (session !== undefined && (sessions?.has(session) ?? true)) this.#close(cursor);
    }
  }

  /** Closes cursors that were not used for ten minutes. */
  reap(): void {
    const now = this.#now();
    for (const cursor of this.#open.values()) {
      if (!cursor.busy && !cursor.answer.noTimeout && now - cursor.usedAt > IDLE) this.#close(cursor);
    }
  }

  #close(cursor: Cursor): void {
    this.#open.delete(cursor.id.toString());
    cursor.answer.items.return();
  }

  /** Closes the least recently used cursors until the others together stay below the limit. */
  #bound(newest: Cursor): void {
    let held = 0;
    for (const { answer } of this.#open.values()) held += answer.held.bytes + OVERHEAD;
    if (held <= MAX_HELD) return;
    const others = [...this.#open.values()].filter((one) => one !== newest && !one.busy);
    const idle = others.sort((a, b) => a.usedAt - b.usedAt);
    for (const cursor of idle) {
      if (held <= MAX_HELD) return;
      held -= cursor.answer.held.bytes + OVERHEAD;
      this.#close(cursor);
    }
  }
}

/** As many documents as wanted, within 16 MiB; at least one when one is wanted. After `more` there may still be none. */
function* takeBatch(cursor: Cursor, count: number): Steps<{ batch: Raw[]; more: boolean }> {
  const batch: Raw[] = [];
  let bytes = 0;
  // An empty batch starts no search. A full one takes one more step, which often finds the end.
  while (count > 0) {
    if (cursor.next === undefined) {
      const step = cursor.answer.items.next();
      if (step.done) return { batch, more: false };
      cursor.next = step.value;
    }
    if (batch.length >= count) break;
    if (cursor.next !== undefined) {
      const { packed } = cursor.next;
      bytes += elementSize(packed, batch.length);
      if (batch.length > 0 && bytes > MAX_DOCUMENT) break;
      batch.push(rawDocument(packed));
      cursor.next = undefined;
    }
    yield;
  }
  return { batch, more: true };
}
