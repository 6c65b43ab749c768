import { EventEmitter, once } from 'node:events';

/** How much of an app's output is kept, in characters. */
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

  /** Resolves when more is printed, or the limit has passed. */
  async more(limit: AbortSignal): Promise<void> {
    await once(this.#more, 'text', { signal: limit }).catch(() => {});
  }
}

/** What an app printed about its end: the last line that names an error, else the last line. */
export function lastWords(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /\w/.test(line) && !/^at |^Node\.js v/.test(line));
  return (lines.findLast((line) => /Error\b.*: /.test(line)) ?? lines.at(-1) ?? '').slice(0, 140);
}
