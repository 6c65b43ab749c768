import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Windows } from './windows.ts';

/** The pause between two reads of its files, in milliseconds. */
const LOOK_AGAIN = 50;
/** How long a program may run until it counts as hung, in milliseconds. The longest took 10 minutes beside 30 others on two cores. */
const HANG_LIMIT = 2_400_000;

/** How a program ended. */
export interface Ended {
  readonly code: number;
  /** How many of the processes that it started still ran two minutes after its end. */
  readonly left: number;
  /** What it printed, on stdout and then on stderr. */
  readonly said: string;
}

/** A program of Windows that runs in a console of its own, started by tools/host.c. */
export class Hosted {
  readonly #log: string;
  readonly #host: ChildProcess;
  #gone: string | undefined;

  /**
   * @param log the first part of the paths of its files
   * @param words the program, by its Windows path, and its arguments
   */
  constructor(windows: Windows, log: string, words: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
    this.#log = log;
    const [file = '', ...args] = [...windows.starter, windows.tool('host'), windows.path(log), ...words];
    this.#host = spawn(file, args, {
      cwd,
      env: { ...env, ...windows.env },
      stdio: 'ignore',
      windowsHide: true,
    });
    this.#host.once('exit', (code) => {
      this.#gone = `host.exe ended with ${code}`;
    });
    this.#host.once('error', (error) => {
      this.#gone = error.message;
    });
  }

  /** What it has printed by now. */
  get said(): string {
    return ['.out', '.err'].map((end) => this.#read(end)).join('');
  }

  /** Resolves when it has printed something that matches. @throws {Error} when it ends before, or hangs */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.until(`says ${pattern}`, () => pattern.exec(this.said) ?? this.#refuse());
  }

  pressCtrlC(): Promise<Ended> {
    writeFileSync(`${this.#log}.ctrl-c`, '');
    return this.ended();
  }

  /** Kills the program, and nothing that it started. */
  kill(): Promise<Ended> {
    writeFileSync(`${this.#log}.kill`, '');
    return this.ended();
  }

  async ended(): Promise<Ended> {
    const [, code, left] = await this.until('ends', () => {
      const end = /^(\d+) (\d+)/.exec(this.#read('.end'));
      return end ?? this.#refuse(true);
    });
    return { code: Number(code), left: Number(left), said: this.said };
  }

  /** Ends all that still runs. */
  release(): void {
    this.#host.kill();
  }

  /** @throws {Error} when the program has ended or hangs */
  #refuse(isAwaited = false): undefined {
    if (!isAwaited && existsSync(`${this.#log}.end`)) throw new Error(`it ended before:\n${this.said}`);
    if (this.#gone && !existsSync(`${this.#log}.end`)) throw new Error(`${this.#gone}:\n${this.said}`);
    return undefined;
  }

  /** Resolves with what `look` finds. @throws {Error} when the program hangs, or what `look` throws */
  async until<T>(what: string, look: () => T | undefined): Promise<T> {
    const limit = performance.now() + HANG_LIMIT;
    while (performance.now() < limit) {
      const found = look();
      if (found !== undefined) return found;
      await delay(LOOK_AGAIN);
    }
    throw new Error(`${HANG_LIMIT / 1000} s went by before it ${what}. It said:\n${this.said}`);
  }

  #read(end: string): string {
    try {
      return readFileSync(`${this.#log}${end}`, 'utf8');
    } catch {
      return '';
    }
  }
}
