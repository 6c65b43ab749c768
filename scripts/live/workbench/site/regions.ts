import type { Html } from '../view/html.ts';
import type { Updates } from './updates.ts';

/** Changes within this time are drawn together, in milliseconds. */
const TOGETHER = 60;

/** The parts of the page that are redrawn when something in them changes. */
export class Regions {
  readonly #updates: Updates;
  readonly #draw: Readonly<Record<string, () => Html>>;
  readonly #last = new Map<string, string>();
  readonly #touched = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param draw by element ID: draws the element */
  constructor(updates: Updates, draw: Readonly<Record<string, () => Html>>) {
    this.#updates = updates;
    this.#draw = draw;
  }

  /** Redraws these soon, or all when none is named. */
  touch(...ids: readonly string[]): void {
    for (const id of ids.length > 0 ? ids : Object.keys(this.#draw)) this.#touched.add(id);
    this.#timer ??= setTimeout(() => this.#flush(), TOGETHER).unref();
  }

  /** Sends everything to all pages, for a new page that may have missed something. */
  resend(): void {
    this.#last.clear();
    this.touch();
  }

  #flush(): void {
    this.#timer = undefined;
    const touched = [...this.#touched];
    this.#touched.clear();
    // Without a page nothing is drawn: the next page gets everything.
    if (this.#updates.pages === 0) return;
    for (const id of touched) {
      const text = this.#draw[id]?.().text;
      if (text === undefined || this.#last.get(id) === text) continue;
      this.#last.set(id, text);
      this.#updates.send('region', { id, html: text });
    }
  }
}
