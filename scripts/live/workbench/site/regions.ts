import type { Html } from '../view/html.ts';
import type { Updates } from './updates.ts';

/** Changes within this time are drawn together, in milliseconds. */
const TOGETHER = 60;

/** The parts of the page that are drawn anew when something in them changes. */
export class Regions {
  readonly #updates: Updates;
  readonly #draw: Readonly<Record<string, () => Html>>;
  readonly #last = new Map<string, string>();
  readonly #touched = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  /** @param draw by the ID of the element: how it is drawn, that element included */
  constructor(updates: Updates, draw: Readonly<Record<string, () => Html>>) {
    this.#updates = updates;
    this.#draw = draw;
  }

  /** Something in these has changed; in all of them when none is named. */
  touch(...ids: readonly string[]): void {
    for (const id of ids.length > 0 ? ids : Object.keys(this.#draw)) this.#touched.add(id);
    this.#timer ??= setTimeout(() => this.#flush(), TOGETHER).unref();
  }

  /** A page has come that may have missed something: everything is sent to all. */
  resend(): void {
    this.#last.clear();
    this.touch();
  }

  #flush(): void {
    this.#timer = undefined;
    const touched = [...this.#touched];
    this.#touched.clear();
    // Without a page nothing is drawn: the next one gets it all.
    if (this.#updates.pages === 0) return;
    for (const id of touched) {
      const text = this.#draw[id]?.().text;
      if (text === undefined || this.#last.get(id) === text) continue;
      this.#last.set(id, text);
      this.#updates.send('region', { id, html: text });
    }
  }
}
