import { clearLine, cursorTo } from 'node:readline';

/** How often the bar is drawn, in milliseconds. */
const DRAWN_EVERY = 100;
const BAR = 30;
const MEGABYTE = 1_000_000;

/** Bytes as text: 79 MB. */
export const megabytes = (bytes: number) => `${bytes < MEGABYTE ? '<1' : Math.round(bytes / MEGABYTE)} MB`;

/** Progress of long work, on stderr, because stdout belongs to a command's result. The moving line appears on a terminal only. */
export class Progress {
  readonly #out = process.stderr;
  #drawnAt = 0;

  /** A whole line that stays. */
  say(line: string): void {
    this.clear();
    this.#out.write(`${line}\n`);
  }

  /** How far the work has come. @param of the total as text; default: as bytes */
  bar(done: number, total: number, of = megabytes(total)): void {
    const now = performance.now();
    if (now - this.#drawnAt < DRAWN_EVERY) return;
    this.#drawnAt = now;
    const part = Math.min(done / total, 1);
    const full = Math.round(part * BAR);
    const percent = `${Math.floor(part * 100)}`.padStart(3);
    this.line(`${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${percent} % of ${of}   Ctrl+C stops`);
  }

  /** A line that the next one replaces. */
  line(text: string): void {
    if (!this.#out.isTTY) return;
    cursorTo(this.#out, 0);
    // A line that wraps could not be replaced.
    this.#out.write([...text].slice(0, (this.#out.columns || 80) - 1).join(''));
    clearLine(this.#out, 1);
  }

  clear(): void {
    this.line('');
  }
}
