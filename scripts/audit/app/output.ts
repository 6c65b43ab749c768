import { EventEmitter, once } from 'node:events';

/** As much of what an app prints is kept, in characters. */
const MOST_KEPT = 4 * 1024 * 1024;

/** What an app prints, on both streams. */
export class AppOutput {
  #text = '';
  #dropped = 0;
  readonly #more = new EventEmitter();

  add(text: string): void {
    this.#text += text;
    const over = this.#text.length - MOST_KEPT;
    if (over > 0) {
      this.#text = this.#text.slice(over);
      this.#dropped += over;
    }
    this.#more.emit('text');
  }

  get text(): string {
    return this.#text;
  }

  /** How much was printed so far: a mark for `since`. */
  get mark(): number {
    return this.#dropped + this.#text.length;
  }

  since(mark: number): string {
    return this.#text.slice(Math.max(0, mark - this.#dropped));
  }

  /** The last lines that are not empty. */
  last(lines: number): string {
    return this.#text
      .trimEnd()
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-lines)
      .join('\n');
  }

  /** Resolves when more is printed, or the limit is over. */
  async more(limit: AbortSignal): Promise<void> {
    await once(this.#more, 'text', { signal: limit }).catch(() => {});
  }
}
