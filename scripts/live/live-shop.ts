import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findError, meaningOf } from '../grader/check/learner-error.ts';
import { compile } from '../grader/compile.ts';
import { ScratchFolder } from '../grader/scratch.ts';
import { ShopDown } from '../grader/shop-process/shop-down.ts';
import type { InsideReport, Outside } from '../grader/shop-process/shop-messages.ts';
import { ShopPool } from '../grader/shop-process/shop-pool.ts';
import type { ShopProcess } from '../grader/shop-process/shop-process.ts';
import { freePort } from '../shared/free-port.ts';
import { shown, withShownPaths } from '../shared/paths.ts';

/** The port people expect; another free one when it is taken. */
export const FAVOURITE_PORT = 3000;
const OPENING_LIMIT = 15_000;
/** How long a shop that is asked to close may take, in milliseconds. Then it is ended, as process managers do. */
const CLOSING_LIMIT = 5000;

/** Called with what an open shop reports, beyond what it prints. */
export interface Watching {
  /** What was seen of each request. */
  readonly onInside?: (seen: InsideReport) => void;
  /** The shop has opened, closed or ended. */
  readonly onChange?: () => void;
}

/** The learner's shop while a lesson is open: always their files, always the same address. */
export class LiveShop {
  readonly #dir: string;
  #outside: Outside;
  readonly #watching: Watching;
  #clockAhead = 0;
  #isOpen = false;
  readonly #say: (line: string) => void;
  readonly #favouritePort: number | 'any';
  readonly #pool: ShopPool;
  readonly #scratch = new ScratchFolder();
  #process: ShopProcess | undefined;
  /** A process that was asked to shut down, and has not ended. */
  #retiring: ShopProcess | undefined;
  #port: number | undefined;
  #restarted = Promise.resolve();
  #closed = false;

  /**
   * @param say prints one line about the shop, or one that it printed
   * @param favouritePort 'any' for any free one
   */
  constructor(
    dir: string,
    outside: Outside,
    say: (line: string) => void,
    favouritePort: number | 'any' = FAVOURITE_PORT,
    watching: Watching = {},
  ) {
    this.#dir = dir;
    this.#outside = outside;
    this.#favouritePort = favouritePort;
    this.#watching = watching;
    this.#say = (line) => {
      if (!this.#closed) say(line);
    };
    this.#pool = new ShopPool(1, (text) => this.#print(text));
  }

  /** The port it listens on; undefined while it is not open. */
  get port(): number | undefined {
    return this.#isOpen && !this.#process?.hasEnded ? this.#port : undefined;
  }

  /** Where the shop is; undefined while it is not open. */
  get address(): string | undefined {
    return this.port === undefined ? undefined : `http://localhost:${this.port}`;
  }

  /** Its process; undefined while it is not open. */
  get pid(): number | undefined {
    return this.port === undefined ? undefined : this.#process?.pid;
  }

  /** Sets what the next process gets from outside. */
  tell(outside: Outside): void {
    this.#outside = outside;
  }

  /** Sets the clock of its process, and of later ones, that many milliseconds ahead of the machine's. */
  async setClockAhead(ms: number): Promise<void> {
    this.#clockAhead = ms;
    // A process that loops never acknowledges.
    const late = delay(CLOSING_LIMIT, undefined, { ref: false });
    if (this.port !== undefined) await Promise.race([this.#process?.setClockAhead(ms).catch(() => {}), late]);
  }

  /**
   * Ends the shop's process and opens the shop in a new one. Restarts run one after the other: a second one waits for the
   * first. A failure to open is printed, not thrown.
   */
  restart(): Promise<void> {
    this.#restarted = this.#restarted.catch(() => {}).then(() => this.#restart());
    return this.#restarted;
  }

  /** Asks the shop to close by itself, and ends its process when it does not. Prints how it went, and nothing for a shop that does not run. */
  async retire(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    this.#isOpen = false;
    if (!process || process.hasEnded) return;
    this.#retiring = process;
    this.#say('It is asked to shut down.');
    void process.shutDown();
    const late = delay(CLOSING_LIMIT, 'late', { ref: false });
    if ((await Promise.race([process.ended, late])) === 'late') {
      this.#say(`It has not ended within ${CLOSING_LIMIT / 1000} s, and is killed, with all requests in it.`);
    } else this.#say('It has ended by itself.');
    await process.end();
    this.#retiring = undefined;
  }

  /** Kills the shop's process. The next restart opens it again. @returns whether there was one to kill */
  async kill(): Promise<boolean> {
    if (!this.#process || this.#process.hasEnded) return false;
    await this.#process.end();
    return true;
  }

  /** Ends the shop, whatever it is doing, and prints nothing more. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#end(), this.#retiring?.end(), this.#pool.close()]);
    // A restart that runs has lost its process, and ends.
    await this.#restarted.catch(() => {});
    this.#scratch.remove();
  }

  async #restart(): Promise<void> {
    if (this.#closed) return;
    await this.#end();
    this.#port ??= await this.#choosePort();
    if (this.#closed) return;
    const process = this.#pool.take();
    this.#process = process;
    try {
      const app = await compile(join(this.#dir, 'app.ts'), join(this.#scratch.path, 'app.mjs'));
      if (this.#clockAhead > 0) await process.setClockAhead(this.#clockAhead);
      if (this.#watching.onInside) process.onInside(this.#watching.onInside);
      const watched = this.#watching.onInside !== undefined;
      await process.open({ ...this.#outside, app, port: this.#port, watched }, OPENING_LIMIT);
      this.#isOpen = true;
    } catch (error) {
      if (this.#closed) return;
      if (!(error instanceof ShopDown)) throw error;
      if (error.kind === 'port-taken') return this.#move();
      this.#explain(error);
      return;
    }
    this.#watching.onChange?.();
    void process.ended.then((how) => {
      if (process === this.#process)
        this.#say(`The shop's process ${how}. The next save, or r, opens it again.`);
      if (!this.#closed) this.#watching.onChange?.();
    });
  }

  /** Ends the process. Forgets it first, so that this end is not reported. */
  async #end(): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    this.#isOpen = false;
    await process?.end();
  }

  async #choosePort(): Promise<number> {
    if (this.#favouritePort === 'any') return freePort();
    const port = await freePort(this.#favouritePort);
    if (port !== this.#favouritePort)
      this.#say(`Port ${this.#favouritePort} belongs to another program, so the shop takes ${port}.`);
    return port;
  }

  /** Another program took the port while the shop was restarting. */
  async #move(): Promise<void> {
    const taken = this.#port;
    this.#port = await freePort();
    this.#say(
      `Port ${taken} cannot be used any more: another program, or this system, has it. The shop moves to http://localhost:${this.#port}`,
    );
    await this.#restart();
  }

  #explain(error: ShopDown): void {
    const cause = findError(error.output, this.#dir);
    this.#say('The shop did not open.');
    this.#say(cause?.message ?? error.message);
    if (cause) this.#say(meaningOf(cause.message, cause));
    if (cause?.file) this.#say(`${shown(this.#dir)}/${cause.file}${cause.line ? `:${cause.line}` : ''}`);
    this.#say('Mend it and save: the next save opens it again.');
  }

  #print(text: string): void {
    for (const line of text.replace(/\n$/, '').split('\n')) this.#say(withShownPaths(line, this.#dir));
  }
}
