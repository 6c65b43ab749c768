import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { endGroup, endMarkedNow, endTree, THIS_SYSTEM } from './end-tree.mjs';
import { supervise } from './supervisor.ts';

/** How long what an ended child started may hold its output open, in milliseconds. */
const PIPES_LIMIT_MS = 1000;
/** How long a child that was told to end may take, in milliseconds. Only one that the system cannot end takes longer. */
const END_LIMIT_MS = 10_000;
/** The pause between two searches for what was killed, in milliseconds. */
const LOOK_AGAIN_MS = 10;

/** A child process that ends with this one in every case, and that can be ended with all that it started. */
export class OwnChild {
  readonly #child: ChildProcess;
  readonly #system: typeof THIS_SYSTEM;
  readonly #mark: string | undefined;
  readonly #ended: Promise<string>;
  #hasEnded = false;
  /** Whether a process with its mark still ran when it ended. */
  #leftMarked = false;

  /**
   * @param child the leader of a group of its own (`detached`), except on Windows
   * @param mark a newMark() that is in its environment: then processes that leave its group are ended, too
   */
  constructor(child: ChildProcess, system = THIS_SYSTEM, mark?: string) {
    this.#child = child;
    this.#system = system;
    this.#mark = mark;
    supervise(child);
    // A failed start is reported by 'close'. Without a listener the error would end this process.
    child.on('error', () => {});
    child.once('exit', () => this.#endWhatItStarted());
    // 'close' comes after 'exit', when all output has arrived.
    this.#ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#hasEnded = true;
        resolve(signal ? `was killed by ${signal}` : `ended with exit code ${code}`);
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it has ended, and all that it printed has arrived. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Resolves when it has ended, with how: 'ended with exit code 1'. */
  get ended(): Promise<string> {
    return this.#ended;
  }

  /** Ends it at once, with all that it started, and waits until it is gone. After some seconds it gives up waiting. */
  async end(): Promise<void> {
    await endTree(this.#child, this.#system);
    const late = new AbortController();
    const limit = delay(END_LIMIT_MS, 'late', { signal: late.signal }).catch(() => {});
    if ((await Promise.race([this.#ended, limit])) === 'late') {
      this.#letGo();
      this.#child.unref();
    }
    late.abort();
    if (this.#leftMarked || !this.#hasEnded) await this.#endMarked();
  }

  /** Repeats until nothing is found: a process may start another one while it is killed. */
  async #endMarked(): Promise<void> {
    const limit = performance.now() + END_LIMIT_MS;
    while (this.#mark && endMarkedNow(this.#mark) > 0 && performance.now() < limit)
      await delay(LOOK_AGAIN_MS);
  }

  #endWhatItStarted(): void {
    // On Windows a Node child ends its own children. Those of other programs cannot be found any more.
    if (this.#child.pid !== undefined) endGroup(this.#child.pid, this.#system);
    if (this.#mark) this.#leftMarked = endMarkedNow(this.#mark) > 0;
    // A process that has left the group may hold the pipes for ever.
    const late = setTimeout(() => this.#letGo(), PIPES_LIMIT_MS);
    this.#child.once('close', () => clearTimeout(late));
  }

  #letGo(): void {
    for (const stream of this.#child.stdio) stream?.destroy();
  }
}
