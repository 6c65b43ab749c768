import { Numbered } from './numbered.ts';

/**
 * Documents in the order in which they expire: a binary heap, the earliest on top, with the position of each document. The
 * next one due is found at once; a change or removal takes O(log n) steps.
 */
export class ExpiryQueue {
  /** The documents' numbers. */
  readonly #ids: number[] = [];
  /** When each of `#ids` expires, in milliseconds since 1970: never before its parent in the heap. */
  readonly #times: number[] = [];
  readonly #positions = new Numbered<number>();

  /** The earliest document that is due at `now`. */
  due(now: number): number | undefined {
    const [time] = this.#times;
    return time !== undefined && time <= now ? this.#ids[0] : undefined;
  }

  /** Replaces an earlier time of the document. */
  set(id: number, time: number): void {
    this.delete(id);
    this.#place(id, time, this.#ids.length);
    this.#settle(this.#ids.length - 1);
  }

  /** Does nothing when it is not there. */
  delete(id: number): void {
    const position = this.#positions.get(id);
    if (position === undefined) return;
    this.#positions.delete(id);
    const [lastId, lastTime] = [this.#ids.pop(), this.#times.pop()];
    if (lastId === undefined || lastTime === undefined || lastId === id) return;
    this.#place(lastId, lastTime, position);
    this.#settle(position);
  }

  /** Moves the document at a position up or down to where it belongs. */
  #settle(position: number): void {
    let at = position;
    for (let up = (at - 1) >> 1; at > 0 && this.#before(at, up); up = (at - 1) >> 1) at = this.#swap(at, up);
    for (let down = this.#earlierChild(at); this.#before(down, at); down = this.#earlierChild(at)) {
      at = this.#swap(at, down);
    }
  }

  #earlierChild(position: number): number {
    const left = 2 * position + 1;
    return this.#before(left + 1, left) ? left + 1 : left;
  }

  /** False when either position is empty. */
  #before(a: number, b: number): boolean {
    return (this.#times[a] as number) < (this.#times[b] as number);
  }

  #swap(from: number, to: number): number {
    const [id, time] = [this.#ids[to] as number, this.#times[to] as number];
    this.#place(this.#ids[from] as number, this.#times[from] as number, to);
    this.#place(id, time, from);
    return to;
  }

  #place(id: number, time: number, position: number): void {
    this.#ids[position] = id;
    this.#times[position] = time;
    this.#positions.set(id, position);
  }
}
