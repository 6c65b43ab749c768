import { setTimeout as delay } from 'node:timers/promises';
import type { Cell } from './cell.ts';
import type { Opening } from './protocol.ts';
import type { Site } from './site.ts';
import { StoreProcess } from './store-process.ts';
import { isDone } from './words.ts';

const SETTLES_WITHIN_MS = 4000;

/** How long callbacks are waited for, in milliseconds. */
export interface Patience {
  readonly call: number;
  /** While the backend is away. */
  readonly outage: number;
  /** After the backend is back. */
  readonly recovery: number;
}

/** One store in one scenario. */
export class Trial {
  readonly site: Site;
  readonly patience: Patience;
  readonly cells = new Map<string, Cell>();
  readonly #module: string;
  readonly #processes: StoreProcess[] = [];
  #shared: StoreProcess | undefined;
  /** Whether the process of the last shared() was started for it: what happens there is this scenario's own doing. */
  sharedIsNew = false;
  #ids = 0;

  constructor(module: string, site: Site, patience: Patience) {
    this.#module = module;
    this.site = site;
    this.patience = patience;
  }

  tell(behaviour: { readonly id: string }, cell: Cell): void {
    this.cells.set(behaviour.id, cell);
  }

  /** An ID that no other scenario of this place uses. */
  newId(word = 'id'): string {
    return `kit-${word}-${++this.#ids}-${Math.random().toString(36).slice(2, 10)}`;
  }

  /** The process of the scenarios before this one, or a new one when that has ended or is doubtful. */
  async shared(): Promise<StoreProcess> {
    this.sharedIsNew = false;
    if (this.#shared && !this.#shared.hasEnded && !this.#shared.isDoubtful) return this.#shared;
    await this.#shared?.end();
    this.#shared = undefined;
    this.sharedIsNew = true;
    this.#shared = await this.open();
    return this.#shared;
  }

  /**
   * The store in a new process.
   * @param opening `settled: false` asks at once what it is asked; otherwise a save has worked before: a store that makes its table
   * meanwhile would fail in whatever comes first
   * @throws {Error} what opening it threw
   */
  async open({
    settled = true,
    ...opening
  }: Partial<Opening> & { settled?: boolean } = {}): Promise<StoreProcess> {
    const process = this.start();
    await process.load();
    await process.open({ url: this.site.url, ...opening });
    if (settled) await this.settle(process);
    return process;
  }

  /** Saves and removes a session until that works, for a few seconds at most. */
  async settle(process: StoreProcess): Promise<void> {
    const id = this.newId('first');
    const until = performance.now() + SETTLES_WITHIN_MS;
    while (performance.now() < until) {
      const call = { id, data: { n: 1 }, maxAge: 600_000 };
      const set = await process.call({ method: 'set', ...call }, this.patience.call);
      if (isDone(set)) {
        await process.call({ method: 'destroy', id }, this.patience.call);
        break;
      }
      if (set.callbacks === 0) break;
      await delay(100);
    }
    process.isDoubtful = false;
  }

  /** A new process, without the store. */
  start(): StoreProcess {
    const process = new StoreProcess(this.#module);
    this.#processes.push(process);
    return process;
  }

  async end(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.end()));
  }
}
