import { setTimeout as delay } from 'node:timers/promises';
import type { GradedCopy } from '../graded-copy.ts';
import type { SessionFacts } from '../shop-process/session-facts.ts';
import { ShopDown } from '../shop-process/shop-down.ts';
import type { Outside } from '../shop-process/shop-messages.ts';
import type { ShopProcess } from '../shop-process/shop-process.ts';
import { type Breakdown, breakdown } from './breakdown.ts';
import type { Clock } from './clock.ts';
import type { Exchange } from './exchange.ts';
import type { StepFailure } from './failure.ts';
import type { Patience } from './patience.ts';

/** How long a process may take to end after it cut a connection, in milliseconds. */
const ENDING_LIMIT = 2000;

/** How long a process may take to tell what it saw of sessions, in milliseconds. A failure waits for it, a pass never does. */
const FACTS_LIMIT = 1000;

const ENDED_ITSELF = 'The answer ended its own process: process.exit(), or an error that nothing caught.';
/** Why a shop did not open, when it left no error of its own. */
const NOT_CREATED =
  'The workshop imports createApp from app.ts, calls it with a config, and expects the Express app back.';
const NOT_OPENED = {
  unloaded: NOT_CREATED,
  failed: NOT_CREATED,
  silent: 'The answer never finished loading: an endless loop, or an await that nothing ends.',
  ended:
    'The answer ended the process while it was loading: process.exit(), or an error that nothing caught.',
  'port-taken': 'The port was taken.',
} as const;

/** The answer's shop, in a process of its own. It opens at its first use, and again when it has ended. */
export class RunningShop {
  readonly #copy: GradedCopy;
  readonly #outside: Outside;
  readonly #nextProcess: () => ShopProcess;
  readonly patience: Patience;
  readonly clock: Clock;
  #process: ShopProcess | undefined;
  #url: Promise<string> | undefined;
  /** Its end was told already: it failed to open, or a request was cut by it. */
  #failed = false;
  /** It was asked to close: whoever opens it next gets a new process, also when this one goes on. */
  #retired = false;

  constructor(
    copy: GradedCopy,
    outside: Outside,
    nextProcess: () => ShopProcess,
    patience: Patience,
    clock: Clock,
  ) {
    this.patience = patience;
    this.clock = clock;
    this.#copy = copy;
    this.#outside = outside;
    this.#nextProcess = nextProcess;
  }

  /** Opens the shop when it is not open. @returns its address @throws StepFailure when it does not come up */
  opened(): Promise<string> {
    if (this.#process?.hasEnded) {
      const unnoticed = this.#url && !this.#failed;
      this.#url = undefined;
      // It ended by itself since it was last asked: nobody would see that if a new one just opened.
      if (unnoticed) return this.#endedUnasked();
    }
    this.#failed = false;
    this.#url ??= this.#open();
    return this.#url;
  }

  async #endedUnasked(): Promise<never> {
    throw this.#failure({
      sent: 'nothing yet: the step had not asked again',
      got: `the shop's process ${await this.#process?.ended}`,
      otherwise: ENDED_ITSELF,
    });
  }

  /** Ends the process, and opens the shop in a new one. */
  async restart(): Promise<void> {
    await this.close();
    await this.opened();
  }

  /** Ends the process. @returns all that it printed, as far as it is kept */
  async close(): Promise<string> {
    await this.#process?.end();
    const printed = this.#process?.output.text ?? '';
    this.#process = undefined;
    this.#url = undefined;
    return printed;
  }

  /** Asks the shop to close by itself. Resolves when its shutDown is through, or its process has ended. */
  async retire(): Promise<void> {
    this.#retired = true;
    this.#url = undefined;
    await this.#process?.shutDown();
  }

  /** Whether the process ends by itself, now or soon. */
  async endsWithin(ms: number): Promise<boolean> {
    const ended = this.#process?.ended.then(() => true) ?? true;
    return await Promise.race([ended, delay(ms, false, { ref: false })]);
  }

  /**
   * Opens the shop, for a step that asks whether it does. One that refused may be asked again, in the same process, with
   * other variables: many refusals then cost one start.
   * @param told from outside, in place of what it is told otherwise
   * @returns why it did not open; undefined when it did
   * @throws StepFailure when that was no refusal: it could not even be loaded, or never finished loading
   */
  async refusalToOpen(told: Partial<Outside> = {}): Promise<ShopDown | undefined> {
    try {
      this.#url = Promise.resolve(await this.#start({ ...this.#outside, ...told }));
      return undefined;
    } catch (error) {
      if (!(error instanceof ShopDown)) throw error;
      if (error.kind === 'unloaded' || error.kind === 'silent') throw this.notOpened(error);
      return error;
    }
  }

  /** The failure of a step whose shop should have opened. */
  notOpened({ kind, message, output }: ShopDown): StepFailure {
    if (kind === 'silent') this.patience.lose();
    const what = { sent: 'import app.ts, call createApp(config), listen', got: 'the shop did not open' };
    return this.#failure({ ...what, detail: message, otherwise: NOT_OPENED[kind] }, output);
  }

  /** Tells the process what time it is by the check's clock. A shop that is not open learns it when it opens. */
  async hearsTime(): Promise<void> {
    if (!this.#url || this.hasEnded) return;
    // A shop that hangs or exits never acknowledges: the next request reports that failure.
    const heard = this.#process?.setClockAhead(this.clock.ahead).catch(() => {});
    await Promise.race([heard, delay(ENDING_LIMIT, undefined, { ref: false })]);
  }

  /** What was seen of sessions in the process; undefined when it has ended or falls silent. It chooses words, never a verdict. */
  async sessionFacts(): Promise<SessionFacts | undefined> {
    return await this.#process?.sessionFacts(FACTS_LIMIT);
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** How much it printed since it opened: a mark for says(). */
  get printed(): number {
    return this.#process?.output.mark ?? 0;
  }

  get hasEnded(): boolean {
    return this.#process?.hasEnded ?? true;
  }

  /** How the process ended: 'ended with exit code 1'. A process that goes on is given some time to end. */
  async howItEnded(): Promise<string> {
    return (await this.#ending()) ?? 'goes on, but does not answer';
  }

  /** Whether the shop prints something that matches, from a place in its output on, now or soon. */
  async says(pattern: RegExp, { after, withinMs }: { after: number; withinMs: number }): Promise<boolean> {
    const limit = AbortSignal.timeout(withinMs);
    return (await this.#process?.output.says(pattern, after, limit)) ?? false;
  }

  /** The failure of a step that got an error page. @param printedBefore length of the output before the request */
  async refusal(exchange: Exchange, printedBefore: number): Promise<StepFailure> {
    // The page may arrive before the error that the shop prints about it: they take different ways.
    if (exchange.status >= 500) await this.says(/Error/, { after: printedBefore, withinMs: ENDING_LIMIT });
    const what = {
      after: exchange,
      sent: exchange.sent,
      got: `${exchange.got.split('\n')[0]}: an error page`,
      otherwise:
        'A page that the shop has was refused. Look at the routes: is the path or the method another one?',
    };
    return this.#failure({ ...what, which: 'first' }, this.#process?.output.since(printedBefore));
  }

  /** The failure of a step that got no answer at all. */
  async silence(sent: string, error: Error & { timeout?: number }): Promise<StepFailure> {
    if (error.timeout) {
      this.patience.lose();
      return this.#failure({
        sent,
        got: `no answer within ${error.timeout / 1000} s`,
        otherwise:
          'A handler or a middleware neither ends the response nor calls next(), a method of the store does not call back, or something loops for ever.',
      });
    }
    const how = await this.#ending();
    if (!how) {
      return this.#failure({
        sent,
        got: `the connection was cut without an answer (${error.message})`,
        otherwise: 'The answer closed the connection itself, before it had ended the response.',
      });
    }
    return this.#failure({ sent, got: `no answer: the shop's process ${how}`, otherwise: ENDED_ITSELF });
  }

  #ending(): Promise<string | undefined> {
    return Promise.race([this.#process?.ended, delay(ENDING_LIMIT, undefined, { ref: false })]);
  }

  /** @returns its address @throws ShopDown when it does not come up */
  async #start(outside = this.#outside): Promise<string> {
    if (this.#retired) await this.#process?.end();
    this.#retired = false;
    if (!this.#process || this.#process.hasEnded) this.#process = this.#nextProcess();
    const process = this.#process;
    if (this.clock.ahead > 0) await process.setClockAhead(this.clock.ahead);
    const app = await this.#copy.compiled();
    const port = await process.open({ ...outside, app, port: 0 }, this.patience.opening);
    return `http://127.0.0.1:${port}`;
  }

  async #open(): Promise<string> {
    try {
      return await this.#start();
    } catch (error) {
      throw error instanceof ShopDown ? this.notOpened(error) : error;
    }
  }

  #failure(what: Omit<Breakdown, 'output'>, output = this.#process?.output.text ?? ''): StepFailure {
    this.#failed = true;
    return breakdown({ ...what, output }, this.#copy.dir, (file, line) =>
      lineIn(this.#copy.read(file), line),
    );
  }
}

function lineIn(text: string, line: number): string {
  return text.split('\n')[line - 1] ?? '';
}
