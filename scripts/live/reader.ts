import { stripVTControlCharacters } from 'node:util';
import chalk from 'chalk';

/** Where a reader shows its text: a terminal, or a file or pipe, which gets the whole text. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

/** A text cut for a terminal of that size: its lines, and where each page starts. */
interface Layout {
  readonly columns: number;
  readonly rows: number;
  readonly lines: readonly string[];
  readonly starts: readonly number[];
}

/** How many lines are kept while a text is being read: a shop may print without end. */
const MOST_WAITING = 500;

/**
 * Shows a lesson's text page by page, from its beginning, and holds back what is printed meanwhile. Without a terminal everything is
 * printed at once.
 */
export class Reader {
  readonly #screen: Screen;
  #wrap: (columns: number) => string = () => '';
  #layout: Layout = { columns: 0, rows: 0, lines: [], starts: [0] };
  #name = '';
  #page = 0;
  #reading = false;
  #news = '';
  #waiting: string[] = [];

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  /**
   * Begins a text.
   * @param wrap returns the text for that many columns: a terminal may change its width between two pages
   * @param name the text's name in the line below it
   */
  open(wrap: (columns: number) => string, name: string): void {
    this.#wrap = wrap;
    this.#name = name;
    this.#news = '';
    if (this.#screen.isTTY) this.again();
    else this.#screen.write(`\n${wrap(this.#columns)}\n`);
  }

  /** Shows the text from its beginning again. */
  again(): void {
    this.#page = 0;
    this.#reading = true;
    this.#show();
  }

  /** Prints a line: now, or when reading ends. */
  print(line: string): void {
    if (!this.#reading) this.#screen.write(`${line}\n`);
    else this.#waiting = [...this.#waiting, line].slice(-MOST_WAITING);
  }

  /** Shows in the line below a page how the grading went. */
  news(words: string): void {
    if (!this.#reading) return;
    this.#news = words;
    this.#prompt();
  }

  /** Handles a key: space goes on, b goes back, any other ends reading. @returns true for space, b, Enter and Escape: they do no more */
  takes(key: string): boolean {
    if (!this.#reading) return false;
    if (key === ' ' || key === 'b') {
      this.#layOut();
      const page = this.#page + (key === 'b' ? -1 : 1);
      if (page >= this.#layout.starts.length) {
        this.close();
        return true;
      }
      this.#page = Math.max(0, page);
      this.#show();
      return true;
    }
    this.close();
    return key === '\r' || key === '\n' || key === '\x1b';
  }

  /** Ends reading, and prints the lines kept meanwhile. */
  close(): void {
    if (!this.#reading) return;
    this.#reading = false;
    this.#clearPrompt();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const line of waiting) this.print(line);
  }

  get #columns(): number {
    return this.#screen.columns ?? 80;
  }

  /** Cuts the text into pages for the terminal as it is now. The page stays near the same words. */
  #layOut(): void {
    const [columns, rows] = [this.#columns, this.#screen.rows ?? 24];
    const old = this.#layout;
    const read = (old.starts[this.#page] ?? 0) / Math.max(1, old.lines.length);
    const lines = this.#wrap(columns).split('\n');
    const starts = pageStarts(lines, Math.max(5, rows - 2));
    this.#layout = { columns, rows, lines, starts };
    if (columns === old.columns && rows === old.rows) return;
    this.#page = Math.max(
      0,
      starts.findLastIndex((start) => start <= read * lines.length),
    );
  }

  #show(): void {
    this.#layOut();
    this.#clearPrompt();
    const { lines, starts } = this.#layout;
    const page = lines.slice(starts[this.#page], starts[this.#page + 1]);
    this.#screen.write(`${page.join('\n')}\n`);
    this.#prompt();
  }

  #prompt(): void {
    const pages = this.#layout.starts.length;
    const page = this.#page + 1;
    const keys = page < pages ? 'space: more   Enter: to the steps' : 'space: to the steps';
    const news = this.#news && `${this.#news}   `;
    const words = `${news}${page}/${pages}   ${keys}   ${this.#name}`;
    this.#clearPrompt();
    // A line that wraps could not be replaced.
    this.#screen.write(chalk.inverse(` ${words} `.slice(0, this.#columns - 1)));
  }

  #clearPrompt(): void {
    if (this.#screen.isTTY) this.#screen.write('\r\x1b[2K');
  }
}

/** Where each page starts. A heading does not end one. @param size how many lines fit above the line with the keys */
function pageStarts(lines: readonly string[], size: number): number[] {
  const isBlank = (i: number) => stripVTControlCharacters(lines[i] ?? '').trim() === '';
  const starts = [0];
  for (let at = size; at < lines.length; at += size) {
    let last = at - 1;
    while (isBlank(last)) last--;
    const isAlone = isBlank(last - 1) && isBlank(last + 1);
    if (isAlone && last - 1 > (starts.at(-1) ?? 0)) at = last;
    starts.push(at);
  }
  return starts;
}
