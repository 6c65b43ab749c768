import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { StoreProcess } from './store-process.ts';

const EVERY_MS = 250;
const KEPT_MS = 300_000;
/** The limit of an idle machine, in milliseconds: there a call takes one or two. */
const CALM_MS = 60;
const CALM_FOR_MS = 2500;

const MEMORY = fileURLToPath(new URL('../catalogue/memory-store/open.mjs', import.meta.url));

/**
 * Measures how late the machine is while stores are played: a MemoryStore in its own process, called four times a second. It waits only
 * for the processor. When it is late, every store is late, and a cell that depends on time describes the machine.
 */
export class Control {
  readonly #process: StoreProcess;
  readonly #asked: { readonly at: number; ms: number }[] = [];
  #isOver = false;

  private constructor(process: StoreProcess) {
    this.#process = process;
  }

  static async start(): Promise<Control> {
    const control = new Control(await StoreProcess.start(MEMORY));
    await control.#process.load();
    await control.#process.open({ url: '' });
    control.#keepAsking().catch(() => {});
    return control;
  }

  async #keepAsking(): Promise<void> {
    while (!this.#isOver) {
      const one = { at: performance.now(), ms: 0 };
      this.#asked.push(one);
      await this.#process.call({ method: 'get', id: 'control' }, 60_000);
      one.ms = performance.now() - one.at;
      await delay(EVERY_MS);
      // A late timer means that this process is late, which counts as well.
      one.ms = Math.max(one.ms, performance.now() - one.at - one.ms - EVERY_MS);
      while ((this.#asked[0]?.at ?? Number.POSITIVE_INFINITY) < performance.now() - KEPT_MS)
        this.#asked.shift();
    }
  }

  /** The longest delay of a call or of this process's timer since a time of `performance.now()`, in milliseconds. */
  latest(since: number): number {
    const last = this.#asked.at(-1);
    const waits = last && last.ms === 0 ? performance.now() - last.at : 0;
    const took = this.#asked.filter(({ at, ms }) => at + ms + EVERY_MS >= since).map(({ ms }) => ms);
    return Math.max(waits, ...took, 0);
  }

  /** Waits until the machine was idle for a few seconds, or until the limit. */
  async calm(limitMs: number, signal?: AbortSignal): Promise<void> {
    const start = performance.now();
    while (!signal?.aborted && performance.now() - start < limitMs) {
      const since = performance.now() - CALM_FOR_MS;
      if (since > start && this.latest(since) < CALM_MS) return;
      await delay(EVERY_MS);
    }
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#process.end();
  }
}
