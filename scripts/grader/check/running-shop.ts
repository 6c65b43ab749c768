import { signalAfter, within } from '../../shared/fair-time.ts';
import type { GradedCopy } from '../graded-copy.ts';
import type { SessionFacts } from '../shop-process/session-facts.ts';
import { ShopDown } from '../shop-process/shop-down.ts';
import type { ClosingEvent, Outside } from '../shop-process/shop-messages.ts';
import type { ShopProcess } from '../shop-process/shop-process.ts';
import { type Breakdown, breakdown } from './breakdown.ts';
import type { Clock } from './clock.ts';
import type { Exchange } from './exchange.ts';
import type { FailureDetails, StepFailure } from './failure.ts';
import { findError } from './learner-error.ts';
import {
  endedMeanwhile,
  errorPage,
  noAnswerOf,
  noAnswerWithin,
  notOpened,
  wasCut,
} from './shop-breakdowns.ts';
import type { TimeLimits } from './time-limits.ts';

/** How long a process may take to end after it cut a connection, in milliseconds. */
const ENDING_LIMIT = 2000;

/**
 * How long a process may take to report what it saw of sessions, in milliseconds: long, for a busy machine. After one silence
 * it gets no longer than an answer does.
 */
const FACTS_LIMIT = 5000;

/** The answer's shop, in a process of its own. It opens at its first use, and again when it has ended. */
export class RunningShop {
  readonly #copy: GradedCopy;
  readonly #outside: Outside;
  readonly #nextProcess: () => ShopProcess;
  readonly timeLimits: TimeLimits;
  readonly clock: Clock;
  #process: ShopProcess | undefined;
  #url: Promise<string> | undefined;
  /** Its end was reported already: it failed to open, or a request was cut by it. */
  #failed = false;
  /** It did not even report its facts. */
  #isMute = false;
  /** What was seen of sessions before the restart. */
  #before: SessionFacts | undefined;
  /** It was asked to close: the next opening starts a new process, also when this one goes on. */
  #retired = false;

  constructor(
    copy: GradedCopy,
    outside: Outside,
    nextProcess: () => ShopProcess,
    timeLimits: TimeLimits,
    clock: Clock,
  ) {
    this.timeLimits = timeLimits;
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
      // It ended by itself since it was last asked: opening a new one would hide that.
      if (unnoticed) return this.#endedUnasked();
    }
    this.#failed = false;
    this.#url ??= this.#open();
    return this.#url;
  }

  async #endedUnasked(): Promise<never> {
    throw this.#failure(
      endedMeanwhile('nothing yet: the step had not asked again', await this.#process?.ended),
    );
  }

  /** Ends the process, and opens the shop in a new one. What was seen of sessions stays known. */
  async restart(): Promise<void> {
    this.#before = await this.sessionFacts();
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
    return await within(ended, ms, false);
  }

  /**
   * Opens the shop, for a step that asks whether it does. One that refused may be asked again, in the same process, with
   * other variables: many refusals then cost one start.
   * @param told replaces parts of what the shop gets otherwise
   * @returns why it did not open; undefined when it did
   * @throws StepFailure when the answer could not be loaded, or never finished loading
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

  /** Where the answer threw the error that kept it from opening; empty when its stack has no line of the answer. */
  thrownAt({ output }: ShopDown): Pick<FailureDetails, 'at'> {
    const { file, line } = findError(output, this.#copy.dir) ?? {};
    return file === undefined ? {} : { at: { file, line } };
  }

  /** The failure of a step whose shop should have opened. */
  notOpened(down: ShopDown): StepFailure {
    if (down.kind === 'silent') this.timeLimits.shorten('listen');
    return this.#failure(notOpened(down), down.output);
  }

  /** Sets the process's clock to the check's. A shop that is not open gets it when it opens. */
  async hearsTime(): Promise<void> {
    if (!this.#url || this.hasEnded) return;
    // A shop that hangs or exits never acknowledges: the next request reports that failure.
    const heard = this.#process?.setClockAhead(this.clock.ahead).catch(() => {});
    await within(heard, ENDING_LIMIT, undefined);
  }

  /** What was seen of sessions, also before a restart; undefined when the process reports nothing and there was no restart. It chooses words, never a verdict. */
  async sessionFacts(): Promise<SessionFacts | undefined> {
    const facts = await this.#process?.sessionFacts(Math.min(FACTS_LIMIT, this.timeLimits.responseMs));
    const before = this.#before;
    if (!facts || !before) return facts ?? before;
    return { ...facts, requests: [...before.requests, ...facts.requests] };
  }

  /** What the answer did since it was asked to close, oldest first. It chooses words, never a verdict. */
  get closing(): readonly ClosingEvent[] {
    return this.#process?.closing ?? [];
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

  /** The first line that it has printed and that matches. */
  line(pattern: RegExp): string | undefined {
    return this.#process?.output.text.split('\n').find((each) => pattern.test(each));
  }

  /** Whether the shop prints something that matches, from a place in its output on, now or soon. */
  async says(pattern: RegExp, { after, withinMs }: { after: number; withinMs: number }): Promise<boolean> {
    const { signal, callOff } = signalAfter(withinMs);
    const said = this.#process?.output.says(pattern, after, signal);
    return (await said?.finally(callOff)) ?? false;
  }

  /** The failure of a step that got an error page. @param printedBefore length of the output before the request */
  async refusal(exchange: Exchange, printedBefore: number): Promise<StepFailure> {
    // The page may arrive before the error that the shop prints about it: they use different channels.
    if (exchange.status >= 500) await this.says(/Error/, { after: printedBefore, withinMs: ENDING_LIMIT });
    return this.#failure(errorPage(exchange), this.#process?.output.since(printedBefore));
  }

  /**
   * The failure of a step that got no answer at all. Where the process goes on, an error that it had printed before
   * belongs to another request.
   * @param printedBefore length of the output before the request
   */
  async silence(sent: string, error: Error & { timeout?: number }, printedBefore = 0): Promise<StepFailure> {
    const printed = () => this.#process?.output.since(printedBefore);
    if (error.timeout) {
      // A busy machine may be slow to report. A process that did not report once is not asked again.
      const facts = this.#isMute ? undefined : await this.#process?.sessionFacts(FACTS_LIMIT);
      this.#isMute = !facts;
      this.timeLimits.shorten();
      return this.#failure(noAnswerWithin(error.timeout, sent, facts), printed());
    }
    const how = await this.#ending();
    return how ? this.#failure(noAnswerOf(sent, how)) : this.#failure(wasCut(sent, error), printed());
  }

  #ending(): Promise<string | undefined> {
    return within(this.#process?.ended, ENDING_LIMIT, undefined);
  }

  /** @returns its address @throws ShopDown when it does not come up */
  async #start(outside = this.#outside): Promise<string> {
    if (this.#retired) await this.#process?.end();
    this.#retired = false;
    if (!this.#process || this.#process.hasEnded) {
      this.#process = this.#nextProcess();
      this.#isMute = false;
    }
    const process = this.#process;
    if (this.clock.ahead > 0) await process.setClockAhead(this.clock.ahead);
    const app = await this.#copy.compiled();
    const port = await process.open({ ...outside, app, port: 0 }, this.timeLimits.listenMs);
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
