import { EventEmitter, once } from 'node:events';

/** How much is kept, in characters: enough for any error, too little to fill memory. */
const MAX_CHARACTERS = 64 * 1024;

/** What a shop prints: the end of it, and positions in the whole output. */
export class ShopOutput {
  #text = '';
  #printed = 0;
  readonly #more = new EventEmitter();

  add(text: string): void {
    this.#text = (this.#text + text).slice(-MAX_CHARACTERS);
    this.#printed += text.length;
    this.#more.emit('text');
  }

  /** What was printed so far, at most the last 64 × 1024 characters. */
  get text(): string {
    return this.#text;
  }

  /** How much was printed so far: a mark for since(). */
  get mark(): number {
    return this.#printed;
  }

  /** What was printed since a mark, as far as it is still kept. */
  since(mark: number): string {
    const length = this.#printed - mark;
    return length > 0 ? this.#text.slice(-length) : '';
  }

  /** Whether something that matches is printed after a mark: already, or before the limit. */
  async says(pattern: RegExp, mark: number, limit: AbortSignal): Promise<boolean> {
    while (!pattern.test(this.since(mark))) {
      if (limit.aborted) return false;
      await once(this.#more, 'text', { signal: limit }).catch(() => {});
    }
    return true;
  }
}
