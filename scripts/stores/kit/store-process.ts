import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { endTree } from '../../processes/end-tree.mjs';
import { supervise } from '../../processes/supervisor.ts';
import { WITH_TSX } from '../../shared/with-tsx.ts';
import type { Call, Method, Opened, Opening, Outcome, Questions } from './protocol.ts';

/** The process of the store has ended, or is stuck. */
export class ProcessLost extends Error {
  /** What is said of it in a table: 'process ends', 'process is stuck'. */
  readonly short: string;
  constructor(short: string, message: string) {
    super(message);
    this.short = short;
  }
}

/** How much of what a process prints is kept, in characters. */
const MOST_KEPT = 20_000;
/** How much longer than the patience of a call an answer may take before the process counts as stuck, in milliseconds. */
const GRACE_MS = 15_000;
/** Large packages take seconds to load on a busy machine. */
const LOADS_WITHIN_MS = 60_000;
const OPENS_WITHIN_MS = 20_000;

/** A store in a process of its own. */
export class StoreProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  readonly #ended: Promise<string>;
  #end: string | undefined;
  #asked = 0;
  /** What it printed so far, from both streams. */
  printed = '';
  /** A call of it has not called back: the next behaviour had better have another process. */
  isDoubtful = false;
  opened: Opened | undefined;

  /** @param module the file that opens the store */
  constructor(module: string) {
    const { NODE_OPTIONS, VITEST, NODE_CHANNEL_FD, ...env } = process.env;
    this.#child = fork(fileURLToPath(new URL('./host.ts', import.meta.url)), [module], {
      execArgv: [...WITH_TSX],
      serialization: 'advanced',
      env: { ...env, NODE_ENV: 'production', TZ: 'UTC', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl+C is for us, who then end it.
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

  /** Imports the module of the store. @throws {Error} with what it threw */
  async load(): Promise<void> {
    await this.#answer(0, LOADS_WITHIN_MS, () => {});
    await this.ask('load', undefined, LOADS_WITHIN_MS);
  }

  /** Opens the store. Comes after load(). @throws {Error} with what opening it threw */
  async open(opening: Opening, patience = OPENS_WITHIN_MS): Promise<Opened> {
    this.opened = await this.ask('open', opening, patience);
    return this.opened;
  }

  has(method: Method): boolean {
    return this.opened?.methods.includes(method) ?? false;
  }

  call(call: Omit<Call, 'patience'>, patience: number): Promise<Outcome> {
    return this.ask('call', { ...call, patience }, patience).then((outcome) => {
      // Some stores stop for good after an error: that is told of the behaviour that saw it, and of no other.
      if (outcome.callbacks === 0 || outcome.error !== undefined) this.isDoubtful = true;
      return outcome;
    });
  }

  /** Several calls in one turn of the event loop. */
  async together(calls: readonly Call[], patience: number): Promise<Outcome[]> {
    const outcomes = await this.ask('together', calls, patience);
    if (outcomes.some(({ callbacks, error }) => callbacks === 0 || error !== undefined))
      this.isDoubtful = true;
    return outcomes;
  }

  /** @throws {ProcessLost} when it ends, or does not answer @throws {Error} with what the store threw */
  ask<Name extends keyof Questions>(
    name: Name,
    detail?: Parameters<Questions[Name]>[0],
    patience = 10_000,
  ): Promise<ReturnType<Questions[Name]>> {
    const id = ++this.#asked;
    return this.#answer(id, patience + GRACE_MS, () => {
      this.#child.send({ id, name, detail }, () => {});
    }) as Promise<ReturnType<Questions[Name]>>;
  }

  async #answer(id: number, patience: number, send: () => void): Promise<unknown> {
    const answered = new Promise<{ value?: unknown; error?: string }>((resolve) =>
      this.#waiting.set(id, resolve),
    );
    if (!this.hasEnded) send();
    let limit: NodeJS.Timeout | undefined;
    const stuck = new Promise<'stuck'>((resolve) => {
      limit = setTimeout(resolve, patience, 'stuck');
    });
    const ended = this.#ended.then((how) => ({ how }));
    const answer = await Promise.race([answered, ended, stuck]);
    clearTimeout(limit);
    if (answer === 'stuck') {
      this.isDoubtful = true;
      throw new ProcessLost(
        'process is stuck',
        `The process did not answer for ${Math.round(patience / 1000)} s.`,
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
      .find((line) => /^\s*(?:\w*(?:Error|Exception)\b|throw )/.test(line));
    return `The process ended (${how}).${error ? ` ${error.trim().slice(0, 200)}` : ''}`;
  }

  /** Whether it ends by itself within the time. */
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

  /** Ends it at once, as a crash does. */
  async end(): Promise<void> {
    if (!this.hasEnded) await endTree(this.#child);
    await this.#ended;
  }
}
