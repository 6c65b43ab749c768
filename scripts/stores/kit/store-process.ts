import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { endTree } from '../../processes/end-tree.mjs';
import { supervise } from '../../processes/supervisor.ts';
import { Turns } from '../../shared/turns.ts';
import { WITH_TSX } from '../../shared/with-tsx.ts';
import type { Call, Method, Opened, Opening, Outcome, Questions } from './protocol.ts';
import { isSilent } from './words.ts';

/** The store's process has ended or hangs. */
export class ProcessLost extends Error {
  /** Short words for a table: 'process ends', 'process is stuck'. */
  readonly short: string;
  constructor(short: string, message: string) {
    super(message);
    this.short = short;
  }
}

/** A process did not become ready. It has no store yet, so the machine is the cause. */
export class NotStarted extends Error {}

/** How much of a process's output is kept, in characters. */
const MOST_KEPT = 20_000;
/** How long after the limit of a call a process counts as stuck, in milliseconds. */
const GRACE_MS = 15_000;
const STARTS_WITHIN_MS = 120_000;
/** In milliseconds. Large packages take a minute to load on a busy machine. */
const LOADS_WITHIN_MS = 90_000;
const OPENS_WITHIN_MS = 30_000;
const APP_WITHIN_MS = 60_000;
/** How a store's error names its own time limit. */
export const TIMED_OUT = /time(?:d|s)?[ -]?out/i;

/** Words for work that does not end. */
const WORK: Partial<Record<keyof Questions, string>> = {
  load: 'Importing its module',
  open: 'Opening the store',
};

/** Limits how many processes start at once, because starts slow the running ones. */
const starting = new Turns(availableParallelism());
const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));

/** A store in its own process. */
export class StoreProcess {
  readonly #child: ChildProcess;
  readonly #urgency: number;
  readonly #waiting = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  readonly #ended: Promise<string>;
  #end: string | undefined;
  #asked = 0;
  /** Its output so far, from both streams. */
  printed = '';
  /** A call did not call back or failed: the next behaviour should get another process. */
  isDoubtful = false;
  /** The shortest time that a wait failed after, in milliseconds: a wait of the kit, or of the store, whose error says so. */
  shortestLimit = Number.POSITIVE_INFINITY;
  /** The number of calls that neither called back nor failed. */
  silentCalls = 0;
  opened: Opened | undefined;

  /**
   * Starts a process without a store, when its turn comes.
   * @param module the file that opens the store @param urgency higher goes first @throws {NotStarted} when the process does not become ready
   */
  static start(module: string, urgency = 0): Promise<StoreProcess> {
    return starting.take(async () => {
      const started = new StoreProcess(module, urgency);
      try {
        await started.#answer(0, STARTS_WITHIN_MS, () => {});
        return started;
      } catch (error) {
        await started.end();
        throw new NotStarted(`The kit's own process was not ready. ${(error as Error).message}`);
      }
    }, urgency);
  }

  private constructor(module: string, urgency: number) {
    this.#urgency = urgency;
    const { NODE_OPTIONS, VITEST, NODE_CHANNEL_FD, ...env } = process.env;
    const compiled = globalThis.workshop?.compiled(HOST);
    this.#child = fork(compiled ? fileURLToPath(compiled) : HOST, [module], {
      execArgv: compiled && !/\.[cm]?ts$/.test(module) ? [] : [...WITH_TSX],
      serialization: 'advanced',
      env: { ...env, NODE_ENV: 'production', TZ: 'UTC', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Its own process group, so that Ctrl+C reaches only the kit, which then ends it.
      detached: process.platform !== 'win32',
    });
    supervise(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.printed = `${this.printed}${text}`.slice(-MOST_KEPT);
      });
    }
    this.#child.on('error', () => {});
    this.#child.on('message', ({ id, ...answer }: { id: number; value?: unknown; error?: string }) => {
      this.#waiting.get(id)?.(answer);
      this.#waiting.delete(id);
    });
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        this.#end = signal ?? `exit code ${code}`;
        resolve(this.#end);
      });
    });
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Imports the module of the store. @throws {Error} with the module's error */
  async load(): Promise<void> {
    await starting.take(() => this.ask('load', undefined, LOADS_WITHIN_MS), this.#urgency + 1);
  }

  /** Opens the store, after load(). @throws {Error} with the store's error */
  async open(opening: Opening, limitMs = OPENS_WITHIN_MS): Promise<Opened> {
    this.opened = await this.ask('open', opening, limitMs);
    return this.opened;
  }

  /** The port of an app with this store, on 127.0.0.1. The first call starts it. */
  port(): Promise<number> {
    return this.ask('app', undefined, APP_WITHIN_MS);
  }

  has(method: Method): boolean {
    return this.opened?.methods.includes(method) ?? false;
  }

  call(call: Omit<Call, 'limitMs'>, limitMs: number): Promise<Outcome> {
    return this.ask('call', { ...call, limitMs }, limitMs).then((outcome) => {
      this.#note(outcome);
      return outcome;
    });
  }

  #note(outcome: Outcome): void {
    const { callbacks, error = '', ms } = outcome;
    // Some stores stop for good after an error: only the behaviour that saw the error tells it.
    if (callbacks === 0 || error) this.isDoubtful = true;
    if (isSilent(outcome)) this.silentCalls++;
    if (isSilent(outcome) || TIMED_OUT.test(error)) this.shortestLimit = Math.min(this.shortestLimit, ms);
  }

  /** Waits for one more answer: an error thrown outside a call ends the process a little later. @throws {ProcessLost} when it has ended */
  async mustLive(): Promise<void> {
    await this.ask('events');
  }

  /** Several calls in one turn of the event loop. */
  async together(calls: readonly Call[], limitMs: number): Promise<Outcome[]> {
    const outcomes = await this.ask('together', calls, limitMs);
    for (const outcome of outcomes) this.#note(outcome);
    return outcomes;
  }

  /** @throws {ProcessLost} when it ends, or does not answer @throws {Error} with the store's error */
  ask<Name extends keyof Questions>(
    name: Name,
    detail?: Parameters<Questions[Name]>[0],
    limitMs = 10_000,
  ): Promise<ReturnType<Questions[Name]>> {
    const id = ++this.#asked;
    const send = () => void this.#child.send({ id, name, detail }, () => {});
    return this.#answer(id, limitMs + GRACE_MS, send, WORK[name]) as Promise<ReturnType<Questions[Name]>>;
  }

  async #answer(id: number, limitMs: number, send: () => void, what = 'Its work'): Promise<unknown> {
    const answered = new Promise<{ value?: unknown; error?: string }>((resolve) =>
      this.#waiting.set(id, resolve),
    );
    if (!this.hasEnded) send();
    let limit: NodeJS.Timeout | undefined;
    const stuck = new Promise<'stuck'>((resolve) => {
      limit = setTimeout(resolve, limitMs, 'stuck');
    });
    const ended = this.#ended.then((how) => ({ how }));
    const answer = await Promise.race([answered, ended, stuck]);
    clearTimeout(limit);
    if (answer === 'stuck') {
      this.isDoubtful = true;
      this.shortestLimit = Math.min(this.shortestLimit, limitMs);
      throw new ProcessLost(
        'process is stuck',
        `${what} did not end within ${Math.round(limitMs / 1000)} s.`,
      );
    }
    if ('how' in answer) throw new ProcessLost('process ends', this.lastWords(answer.how));
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  }

  /** How the process ended, with the line of its error. */
  lastWords(how = this.#end ?? ''): string {
    const error = this.printed
      .split('\n')
      .find((line) => /^\s*\[?(?:[A-Z]\w*)?(?:Error|Exception|Rejection)\b.*:/.test(line));
    return `The process ended (${how}).${error ? ` ${error.trim().slice(0, 200)}` : ''}`;
  }

  /** Whether it ended with an error or a signal. */
  get hasFailed(): boolean {
    return this.#end !== undefined && this.#end !== 'exit code 0';
  }

  /** How long it takes to end by itself, in milliseconds; undefined when it is still running after `ms`. */
  async endsWithin(ms: number): Promise<number | undefined> {
    const start = performance.now();
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      limit = setTimeout(resolve, ms, undefined);
    });
    const how = await Promise.race([this.#ended, late]);
    clearTimeout(limit);
    return how === undefined ? undefined : performance.now() - start;
  }

  /** Kills it, as a crash does. */
  async end(): Promise<void> {
    if (!this.hasEnded) await endTree(this.#child);
    await this.#ended;
  }
}
