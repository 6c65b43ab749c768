import chalk from 'chalk';

/** Where a reader shows its text: a terminal, or a file or pipe, which gets all of it. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

/** What waits while a text is being read is kept up to so many lines: a shop may print without end. */
const MOST_WAITING = 500;

/**
 * Shows a lesson's text page by page, from its beginning, and holds back what is printed meanwhile. Without a terminal everything is
 * printed at once.
 */
export class Reader {
  readonly #screen: Screen;
  #lines: readonly string[] = [];
  #name = '';
  #at = 0;
  #reading = false;
  #news = '';
  #waiting: string[] = [];

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /** Begins a text. @param name what the line below it calls it */
  open(text: string, name: string): void {
    this.#lines = text.split('\n');
    this.#name = name;
    this.#news = '';
    if (this.#screen.isTTY) this.again();
    else this.#screen.write(`\n${text}\n`);
  }

  /** The text from its beginning once more. */
  again(): void {
    this.#at = 0;
    this.#reading = true;
    this.#page();
  }

  /** Prints a line, once nothing is being read. */
  print(line: string): void {
    if (!this.#reading) this.#screen.write(`${line}\n`);
    else this.#waiting = [...this.#waiting, line].slice(-MOST_WAITING);
  }

  /** What is told in the line below a page: how the grading went. */
  news(words: string): void {
    if (!this.#reading) return;
    this.#news = words;
    this.#prompt();
  }

  /** Whether a key is for the reader: space goes on, b goes back, any other key ends reading. Enter and Escape do no more than that. */
  takes(key: string): boolean {
    if (!this.#reading) return false;
    if (key === ' ' || key === 'b') {
      const step = key === 'b' ? -this.#size : this.#size;
      if (this.#at + step >= this.#lines.length) {
        this.close();
        return true;
      }
      this.#at = Math.max(0, this.#at + step);
      this.#page();
      return true;
    }
    this.close();
    return key === '\r' || key === '\n' || key === '\x1b';
  }

  /** Ends reading, and prints what has waited. */
  close(): void {
    if (!this.#reading) return;
    this.#reading = false;
    this.#clearPrompt();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const line of waiting) this.print(line);
  }

  /** How many lines fit above the line that tells the keys. */
  get #size(): number {
    return Math.max(5, (this.#screen.rows ?? 24) - 2);
  }

  #page(): void {
    this.#clearPrompt();
    const page = this.#lines.slice(this.#at, this.#at + this.#size);
    this.#screen.write(`${page.join('\n')}\n`);
    this.#prompt();
  }

  #prompt(): void {
    const pages = Math.ceil(this.#lines.length / this.#size);
    const page = Math.floor(this.#at / this.#size) + 1;
    const keys = page < pages ? 'space: more   Enter: to the steps' : 'space: to the steps';
    const news = this.#news && `${this.#news}   `;
    const words = `${news}${page}/${pages}   ${keys}   ${this.#name}`;
    this.#clearPrompt();
    // A line that wrapped could not be replaced.
    this.#screen.write(chalk.inverse(` ${words} `.slice(0, (this.#screen.columns ?? 80) - 1)));
  }

  #clearPrompt(): void {
    if (this.#screen.isTTY) this.#screen.write('\r\x1b[2K');
  }
}
