import { Long } from 'bson';
import { MAX_DOCUMENT, type Packed } from './codec.ts';
import { CommandError } from './errors.ts';
import type { Held, Item, Items } from './item.ts';
import { cursorReply, elementSize } from './long-replies.ts';
import type { Job, Steps } from './turns.ts';

/** How many documents the first batch has when the client does not say (MongoDB manual, "Cursor Batches"). */
const FIRST_BATCH = 101;
/** How long an unused cursor lives, in milliseconds (MongoDB manual, "cursorTimeoutMillis"). */
const IDLE = 600_000;
/** What all open cursors together may keep, in bytes. */
const MAX_HELD = 256 * 1024 * 1024;
/** What a cursor takes beside the documents that it keeps, in bytes: more than was measured. */
const OVERHEAD = 8 * 1024;

/** What to answer a query with. A `batchSize` of 0 opens a cursor without sending anything. */
export interface Answer {
  readonly namespace: string;
  readonly items: Items;
  /** What the query keeps of its results. */
  readonly held: Held;
  readonly batchSize: number | undefined;
  readonly singleBatch?: boolean;
  /** It stays open however long nobody uses it. */
  readonly noTimeout?: boolean;
  /** The session of its client, which it ends with. */
  readonly session?: string | undefined;
}

interface Cursor extends Answer {
  readonly id: Long;
  /** Found already, but it did not fit into the batch before. */
  next?: Item | undefined;
  usedAt: number;
  /** What is left of the time that its client gave it, in milliseconds. */
  timeLeft: number;
  busy: boolean;
}

/** The open cursors of one server. A cursor finds as it goes; only what has to be sorted or grouped first is kept. */
export class Cursors {
  readonly #open = new Map<string, Cursor>();
  /** By a clock that nobody sets, in milliseconds. */
  readonly #now: () => number;
  #lastId = 0n;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  get size(): number {
    return this.#open.size;
  }

  /** The reply to a query: its first batch, and a cursor when there is more. Ids are int64, 0 for "all sent". */
  *open(answer: Answer, job: Job): Steps<Uint8Array> {
    this.#lastId += 1n;
    const id = Long.fromBigInt(this.#lastId);
    const cursor: Cursor = {
      ...answer,
      id,
      usedAt: this.#now(),
      timeLeft: Number.POSITIVE_INFINITY,
      busy: false,
    };
    const { batch, more } = yield* takeBatch(cursor, answer.batchSize ?? FIRST_BATCH);
    const open = more && !answer.singleBatch;
    if (open) {
      cursor.usedAt = this.#now();
      cursor.timeLeft = job.deadline - performance.now();
      this.#open.set(id.toString(), cursor);
      this.#bound(cursor);
    }
    return yield* cursorReply('firstBatch', batch, open ? id : Long.ZERO, answer.namespace);
  }

  /** The next batch; without a size all that fits into a message. @throws {CommandError} 43, 237, 292, or 13 for another collection's cursor */
  *more(id: Long, namespace: string, batchSize: number | undefined, job: Job): Steps<Uint8Array> {
    const cursor = this.#open.get(id.toString());
    if (cursor === undefined) throw new CommandError(43, `cursor id ${id} not found`);
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
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
      return yield* cursorReply('nextBatch', batch, open ? id : Long.ZERO, namespace);
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
  endSessions(sessions?: readonly string[]): void {
    for (const cursor of this.#open.values()) {
      if (cursor.session !== undefined && (sessions?.includes(cursor.session) ?? true)) this.#close(cursor);
    }
  }

  /** Closes what nobody has used for ten minutes. */
  reap(): void {
    const now = this.#now();
    for (const cursor of this.#open.values()) {
      if (!cursor.busy && !cursor.noTimeout && now - cursor.usedAt > IDLE) this.#close(cursor);
    }
  }

  #close(cursor: Cursor): void {
    this.#open.delete(cursor.id.toString());
    cursor.items.return();
  }

  /** Closes those that nobody has used for longest, until all the others together do not keep too much. */
  #bound(newest: Cursor): void {
    const all = [...this.#open.values()];
    let held = all.reduce((sum, one) => sum + one.held.bytes + OVERHEAD, 0);
    if (held <= MAX_HELD) return;
    const idle = all.filter((one) => one !== newest && !one.busy).sort((a, b) => a.usedAt - b.usedAt);
    for (const cursor of idle) {
      if (held <= MAX_HELD) return;
      held -= cursor.held.bytes + OVERHEAD;
      this.#close(cursor);
    }
  }
}

/** As many as asked, but no more than fit beside each other into 16 MiB; at least one where one is asked. `more` may turn out to be nothing. */
function* takeBatch(cursor: Cursor, count: number): Steps<{ batch: Packed[]; more: boolean }> {
  const batch: Packed[] = [];
  let bytes = 0;
  // A batch of nothing is no reason to begin. One that is full takes one step more: often that is the end.
  while (count > 0) {
    if (cursor.next === undefined) {
      const step = cursor.items.next();
      if (step.done) return { batch, more: false };
      cursor.next = step.value;
    }
    if (batch.length >= count) break;
    if (cursor.next !== undefined) {
      const { packed } = cursor.next;
      bytes += elementSize(packed.length, batch.length);
      if (batch.length > 0 && bytes > MAX_DOCUMENT) break;
      batch.push(packed);
      cursor.next = undefined;
    }
    yield;
  }
  return { batch, more: true };
}
