import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { endGroup, endTree, THIS_SYSTEM } from './end-tree.mjs';
import { supervise } from './supervisor.ts';

/** How long the output of a child that has ended may be held open by what it started, in milliseconds. */
const PIPES_LIMIT_MS = 1000;
/** How long a child that was told to end may take, in milliseconds. Only one that the system cannot end takes longer. */
const END_LIMIT_MS = 10_000;

/** A child process that ends with this one, however this one ends, and that can be ended with all that it started. */
export class OwnChild {
  readonly #child: ChildProcess;
  readonly #system: typeof THIS_SYSTEM;
  readonly #ended: Promise<string>;
  #hasEnded = false;

  /** @param child the leader of a group of its own (`detached`), except on Windows */
  constructor(child: ChildProcess, system = THIS_SYSTEM) {
    this.#child = child;
    this.#system = system;
    supervise(child);
    // One that cannot be started is told by 'close'. Without a listener the error would end this process.
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

  /** Ends it at once, with all that it started, and waits until it is gone. One that cannot be ended is let go after some seconds. */
  async end(): Promise<void> {
    await endTree(this.#child, this.#system);
    const late = new AbortController();
    const limit = delay(END_LIMIT_MS, 'late', { signal: late.signal }).catch(() => {});
    if ((await Promise.race([this.#ended, limit])) === 'late') {
      this.#letGo();
      this.#child.unref();
    }
    late.abort();
  }

  #endWhatItStarted(): void {
    // Windows has taken its own children with it, when it was a Node. Others it cannot find any more.
    if (this.#child.pid !== undefined) endGroup(this.#child.pid, this.#system);
    // A process that has left the group may hold the pipes for ever.
    const late = setTimeout(() => this.#letGo(), PIPES_LIMIT_MS);
    this.#child.once('close', () => clearTimeout(late));
  }

  #letGo(): void {
    for (const stream of this.#child.stdio) stream?.destroy();
  }
}
