/** Limits how much work runs at a time. The rest waits: the most urgent begins first, equals in their order. */
export class Turns {
  #free: number;
  readonly #waiting: { urgency: number; begin: () => void }[] = [];

  constructor(atATime: number) {
    this.#free = atATime;
  }

  async take<T>(work: () => Promise<T>, urgency = 0): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((begin) => this.#waiting.push({ urgency, begin }));
    try {
      return await work();
    } finally {
      const most = Math.max(...this.#waiting.map(({ urgency }) => urgency));
      const [next] = this.#waiting.splice(
        this.#waiting.findIndex(({ urgency }) => urgency === most),
        1,
      );
      if (next) next.begin();
      else this.#free++;
    }
  }
}
