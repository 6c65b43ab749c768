import { EventEmitter, once } from 'node:events';

/** An answer, as it is counted. */
export interface Answer {
  readonly shopper: string;
  readonly asked: string;
  readonly status: number;
  readonly ms: number;
}

/** What the shop has confirmed, for a comparison with MongoDB's content, and every answer, counted by phase. */
export class Ledger {
  /** Emails whose sign-up was answered with a redirect. */
  readonly users = new Set<string>();
  /** The confirmed orders by key: customer and content. */
  readonly orders = new Map<string, { email: string; cart: string }>();
  /** The keys of all requested orders. */
  readonly tried = new Set<string>();
  /** The IDs of sessions that were logged out. */
  readonly ended = new Set<string>();
  /** The last cart, by session ID. */
  readonly carts = new Map<string, string>();
  /** What a page showed wrongly, in words. */
  readonly wrong: string[] = [];
  readonly phases: { readonly name: string; readonly answers: Answer[] }[] = [];
  readonly #more = new EventEmitter();

  add(answer: Answer): void {
    this.phases.at(-1)?.answers.push(answer);
    this.#more.emit('answer');
  }

  /** Begins a phase, and resolves when it has enough answers. */
  async phase(name: string, isEnough: (answers: readonly Answer[]) => boolean): Promise<void> {
    const phase = { name, answers: [] };
    this.phases.push(phase);
    while (!isEnough(phase.answers)) await once(this.#more, 'answer');
  }

  get answers(): Answer[] {
    return this.phases.flatMap(({ answers }) => answers);
  }

  /** The counts as a table, one line for each phase. */
  toString(): string {
    const rows = this.phases.map(({ name, answers }) => {
      const count = (from: number, to: number) =>
        String(answers.filter(({ status }) => status >= from && status < to).length).padStart(5);
      const slowest = Math.round(Math.max(0, ...answers.map(({ ms }) => ms)));
      return `${name.padEnd(34)}${count(200, 400)}${count(400, 500)}${count(500, 600)}${String(slowest).padStart(8)} ms`;
    });
    return [`${''.padEnd(34)}   ok  4xx  5xx     slowest`, ...rows].join('\n');
  }
}
