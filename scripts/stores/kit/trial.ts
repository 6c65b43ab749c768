import { setTimeout as delay } from 'node:timers/promises';
import { type Cell, tooBusy } from './cell.ts';
import type { Control } from './control.ts';
import type { Opening } from './protocol.ts';
import type { Site } from './site.ts';
import { StoreProcess, TIMED_OUT } from './store-process.ts';
import { isDone, isSilent, seconds } from './words.ts';

const SETTLES_WITHIN_MS = 8000;
const OPENS_AGAIN = 2;
/** A call passes several processes, and each may be as late as the control was. */
const TIMES_LATE = 3;
/** After so many silent calls, the limit of the next ones, in milliseconds. */
const [MUTE_AFTER, MUTE_MS] = [2, 2000];

/** The limits for callbacks, in milliseconds. */
export interface TimeLimits {
  readonly call: number;
  /** While the backend is away. */
  readonly outage: number;
  /** After the backend is back. */
  readonly recovery: number;
}

/** One store in one scenario. */
export class Trial {
  readonly site: Site;
  readonly #limits: TimeLimits;
  readonly cells = new Map<string, Cell>();
  readonly #module: string;
  readonly #control: Pick<Control, 'latest'>;
  readonly #urgency: number;
  readonly #processes: StoreProcess[] = [];
  #since = performance.now();
  #shared: StoreProcess | undefined;
  /** Whether the last shared() started a new process: then this scenario alone caused what happens there. */
  sharedIsNew = false;
  #ids = 0;
  #isOver = false;

  constructor(
    module: string,
    site: Site,
    limits: TimeLimits,
    control: Pick<Control, 'latest'>,
    urgency: number,
  ) {
    this.#urgency = urgency;
    this.#module = module;
    this.site = site;
    this.#limits = limits;
    this.#control = control;
  }

  /** The limits become shorter after several silent calls: some stores never call back. */
  get limits(): TimeLimits {
    const silent = this.#processes.reduce((sum, { silentCalls }) => sum + silentCalls, 0);
    return silent < MUTE_AFTER
      ? this.#limits
      : { ...this.#limits, call: Math.min(MUTE_MS, this.#limits.call) };
  }

  /** Begins a scenario. Earlier lateness and limits no longer count. */
  begin(): void {
    this.#since = performance.now();
    for (const process of this.#processes) process.shortestLimit = Number.POSITIVE_INFINITY;
  }

  /**
   * Tells a cell. A bad one that depends on time becomes "too busy" when the machine was too late.
   * @param marginMs how much faster the machine had to be for another cell, in milliseconds; default: the shortest limit that
   * a call ran into
   */
  tell(behaviour: { readonly id: string }, cell: Cell, marginMs = this.#shortestLimit()): void {
    const late = this.#control.latest(this.#since);
    const isDoubtful = cell.verdict === 'bad' && late * TIMES_LATE > marginMs;
    const words = `The machine was too busy to tell: meanwhile a get() of MemoryStore took up to ${seconds(late)}. What was seen: ${cell.short}. ${cell.evidence}`;
    this.cells.set(behaviour.id, isDoubtful ? tooBusy(words) : cell);
  }

  /** The shortest limit that a call ran into since the scenario began, the kit's or the store's own. */
  #shortestLimit(): number {
    return Math.min(...this.#processes.map(({ shortestLimit }) => shortestLimit));
  }

  /** An ID that no other scenario of this place uses. */
  newId(word = 'id'): string {
    return `kit-${word}-${++this.#ids}-${Math.random().toString(36).slice(2, 10)}`;
  }

  /** The process of the earlier scenarios, or a new one when that has ended or is doubtful. */
  async shared(): Promise<StoreProcess> {
    this.sharedIsNew = false;
    if (this.#shared && (await isFit(this.#shared))) return this.#shared;
    await this.#shared?.end();
    this.#shared = undefined;
    this.sharedIsNew = true;
    this.#shared = await this.open();
    return this.#shared;
  }

  /**
   * The store in a new process.
   * @param opening `settled: false` returns at once; otherwise a save has worked before, because a store that is still making its table
   * would fail the first call
   * @throws {Error} with the store's error
   */
  async open({
    settled = true,
    ...opening
  }: Partial<Opening> & { settled?: boolean } = {}): Promise<StoreProcess> {
    const process = await this.#open(opening);
    if (!settled) return process;
    await this.settle(process);
    if (!(await isOff(process))) return process;
    // Its first calls failed, for example before the table was there, and express-session has ignored the store since then.
    await process.end();
    const second = await this.#open(opening);
    await this.settle(second);
    return second;
  }

  /** Tries again after a timeout: a client may give up a connection after a fraction of a second, and a busy machine needs more. */
  async #open(opening: Partial<Opening>, triesLeft = OPENS_AGAIN): Promise<StoreProcess> {
    const process = await this.start();
    await process.load();
    try {
      await process.open({ url: this.site.url, ...opening });
      return process;
    } catch (error) {
      if (triesLeft === 0 || !TIMED_OUT.test((error as Error).message)) throw error;
      await process.end();
      return this.#open(opening, triesLeft - 1);
    }
  }

  /** Saves and destroys a session until that works, for a few seconds at most. */
  async settle(process: StoreProcess): Promise<void> {
    const id = this.newId('first');
    const until = performance.now() + SETTLES_WITHIN_MS;
    while (performance.now() < until) {
      const call = { id, data: { n: 1 }, maxAge: 600_000 };
      const set = await process.call({ method: 'set', ...call }, this.limits.call);
      if (isDone(set)) {
        await process.call({ method: 'destroy', id }, this.limits.call);
        break;
      }
      if (isSilent(set)) break;
      await delay(100);
    }
    process.isDoubtful = false;
  }

  /** A new process, without the store. */
  async start(): Promise<StoreProcess> {
    const process = await StoreProcess.start(this.#module, this.#urgency);
    this.#processes.push(process);
    // Its turn may have come after the end.
    if (this.#isOver) await process.end();
    return process;
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#processes.map((process) => process.end()));
  }
}

/** Whether nothing has failed in a process so far. */
async function isFit(process: StoreProcess): Promise<boolean> {
  return !process.hasEnded && !process.isDoubtful && !(await isOff(process));
}

/** Whether express-session was last told that the store is away. */
async function isOff(process: StoreProcess): Promise<boolean> {
  const events = await process.ask('events').catch(() => ['disconnect']);
  return events.lastIndexOf('disconnect') > events.lastIndexOf('connect');
}
