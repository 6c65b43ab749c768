/** How many values lie in one piece. */
const PIECE = 512;

/**
 * Values by number, in the order of their numbers. Each new value gets the next number, and no number is used twice, so that a reader may stop at
 * a number and go on from there later. Pieces without values take no memory.
 */
export class Numbered<T> {
  readonly #pieces: ((T | undefined)[] | undefined)[] = [];
  readonly #counts: number[] = [];
  #end = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a value and returns its number. */
  add(value: T): number {
    this.set(this.#end, value);
    return this.#end - 1;
  }

  get(number: number): T | undefined {
    return this.#pieces[Math.floor(number / PIECE)]?.[number % PIECE];
  }

  set(number: number, value: T): void {
    const at = Math.floor(number / PIECE);
    const piece = this.#pieces[at] ?? new Array<T | undefined>(PIECE).fill(undefined);
    while (this.#pieces.length < at) this.#pieces.push(undefined);
    this.#pieces[at] = piece;
    if (piece[number % PIECE] === undefined) {
      this.#counts[at] = (this.#counts[at] ?? 0) + 1;
      this.#size++;
    }
    piece[number % PIECE] = value;
    this.#end = Math.max(this.#end, number + 1);
  }

  delete(number: number): void {
    const at = Math.floor(number / PIECE);
    const piece = this.#pieces[at];
    if (piece?.[number % PIECE] === undefined) return;
    piece[number % PIECE] = undefined;
    this.#size--;
    this.#counts[at] = (this.#counts[at] ?? 0) - 1;
    if (this.#counts[at] === 0) this.#pieces[at] = undefined;
  }

  /** The first number with a value, or the last when going backwards. */
  first(backwards: boolean): number | undefined {
    return this.next(backwards ? this.#end : -1, backwards);
  }

  /** The number with a value that follows `number`, or that precedes it when going backwards. */
  next(number: number, backwards: boolean): number | undefined {
    const step = backwards ? -1 : 1;
    for (let at = number + step; at >= 0 && at < this.#end; at += step) {
      const piece = this.#pieces[Math.floor(at / PIECE)];
      if (piece === undefined) at = Math.floor(at / PIECE) * PIECE + (backwards ? 0 : PIECE - 1);
      else if (piece[at % PIECE] !== undefined) return at;
    }
    return undefined;
  }
}
