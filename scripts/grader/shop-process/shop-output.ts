import { EventEmitter, once } from 'node:events';

/** As much as is kept, in characters: enough for any error, too little to fill memory. */
const KEPT = 64 * 1024;

/** What a shop prints: the end of it, and where in the whole one is. */
export class ShopOutput {
  #text = '';
  #printed = 0;
  readonly #more = new EventEmitter();

  add(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT);
    this.#printed += text.length;
    this.#more.emit('text');
  }

  /** What was printed so far, the last 64 KiB of it. */
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
