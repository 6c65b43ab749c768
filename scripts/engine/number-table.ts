/** The fill ratio at which a table doubles. */
const MOST = 0.8;

/**
 * Numbers by the hashes of their keys: a hash table with open addressing in two typed arrays. It takes 12 bytes a slot and keeps no keys, so
 * the caller tests each candidate. A Map of the keys takes five times as much.
 */
export class NumberTable {
  #hashes = new Int32Array(16);
  /** -1 where there is none. */
  #numbers = new Float64Array(16).fill(-1);
  #size = 0;

  /** The number with this hash that `isIt` accepts. */
  find(hash: number, isIt: (number: number) => boolean): number | undefined {
    for (let at = this.#home(hash); this.#numbers[at] !== -1; at = this.#after(at)) {
      if (this.#hashes[at] === hash && isIt(this.#numbers[at] as number)) return this.#numbers[at];
    }
    return undefined;
  }

  /** Adds a number that is not there. */
  add(hash: number, number: number): void {
    if (++this.#size > this.#numbers.length * MOST) this.#double();
    this.#put(hash, number);
  }

  /** Does nothing when it is not there. */
  delete(hash: number, number: number): void {
    let gap = this.#home(hash);
    while (this.#numbers[gap] !== number) {
      if (this.#numbers[gap] === -1) return;
      gap = this.#after(gap);
    }
    this.#size--;
    this.#numbers[gap] = -1;
    // The entries up to the next gap could not be found any more: they are added again.
    for (let at = this.#after(gap); this.#numbers[at] !== -1; at = this.#after(at)) {
      const moved = this.#numbers[at] as number;
      this.#numbers[at] = -1;
      this.#put(this.#hashes[at] as number, moved);
    }
  }

  #put(hash: number, number: number): void {
    let at = this.#home(hash);
    while (this.#numbers[at] !== -1) at = this.#after(at);
    this.#hashes[at] = hash;
    this.#numbers[at] = number;
  }

  #double(): void {
    const [hashes, numbers] = [this.#hashes, this.#numbers];
    this.#hashes = new Int32Array(2 * numbers.length);
    this.#numbers = new Float64Array(2 * numbers.length).fill(-1);
    for (const [at, number] of numbers.entries()) if (number !== -1) this.#put(hashes[at] as number, number);
  }

  #home(hash: number): number {
    return hash & (this.#numbers.length - 1);
  }

  #after(at: number): number {
    return (at + 1) & (this.#numbers.length - 1);
  }
}

/** A text's 32-bit hash (FNV-1a, whose low bits depend on every character), mixed once more. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash ^ (hash >>> 15);
}
