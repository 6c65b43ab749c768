import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { MARK, THIS_SYSTEM } from '../../processes/end-tree.mjs';
import { OwnChild } from '../../processes/own-child.ts';
import { newMark } from '../../processes/supervisor.ts';
import { EnvironmentError } from '../../shared/errors.ts';
import { afterLimit, within } from '../../shared/fair-time.ts';
import { ROOT } from '../../shared/paths.ts';
import { startFile } from './compiled-start.ts';
import type { SessionFacts } from './session-facts.ts';
import { ShopDown } from './shop-down.ts';
import {
  type ClockChange,
  type ClosingEvent,
  type FactsRequest,
  type InsideReport,
  type Introduction,
  isInsideReport,
  isReport,
  type OpenRequest,
  type Report,
  type ShutDownRequest,
} from './shop-messages.ts';
import { ShopOutput } from './shop-output.ts';

/** One process for one start of a shop. */
export class ShopProcess {
  readonly #child: ChildProcess;
  readonly #warm: Promise<void>;
  readonly #token = randomUUID();
  readonly #own: OwnChild;
  readonly output = new ShopOutput();
  readonly #closing: ClosingEvent[] = [];

  /** Starts the process; it is ready for a request some tenths of a second later. */
  constructor(onOutput: (text: string) => void = () => {}) {
    const mark = newMark();
    this.#child = spawn(process.execPath, [startFile()], {
      cwd: ROOT,
      env: { ...cleanEnvironment(), [MARK]: mark },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      windowsHide: true,
      // A group of its own, so that what the answer starts can be ended with it.
      detached: process.platform !== 'win32',
    });
    // OwnChild also listens for 'error': else a send to a process that has just ended would throw.
    this.#own = new OwnChild(this.#child, THIS_SYSTEM, mark);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output.add(text);
        onOutput(text);
      });
    }
    this.#child.on('message', (message: Report) => {
      if (isReport(message, this.#token) && message.kind === 'closing') this.#closing.push(message.event);
    });
    this.#child.send({ token: this.#token } satisfies Introduction, () => {});
    this.#warm = this.#report('warm').then(() => {});
    this.#warm.catch(() => {});
  }

  get pid(): number | undefined {
    return this.#own.pid;
  }

  get hasEnded(): boolean {
    return this.#own.hasEnded;
  }

  /** Resolves when the process has ended, with how: 'ended with exit code 1'. */
  get ended(): Promise<string> {
    return this.#own.ended;
  }

  /**
   * Opens the answer's shop. A process whose shop failed to open may be tried again.
   * @param limitMs how long the answer may take until it listens; longer on a busy machine
   * @returns the port it listens on
   * @throws ShopDown when it does not come up, EnvironmentError when even the bare process did not
   */
  async open(request: OpenRequest, limitMs: number): Promise<number> {
    await this.#warm.catch((error: Error) => {
      throw new EnvironmentError(
        `A process for the shop could not be started: ${error.message}\n${this.output.text}`,
      );
    });
    const began = this.output.mark;
    const answer = this.#report('listening', 'unloaded', 'failed', 'port-taken');
    this.#child.send(request);
    let callOff = () => {};
    const silent = new Promise<never>((_, reject) => {
      callOff = afterLimit(limitMs, (waitedMs) => {
        const words = `it did not listen within ${waitedMs / 1000} s`;
        reject(new ShopDown('silent', words, this.output.since(began)));
      });
    });
    const report = await Promise.race([answer, silent]).finally(callOff);
    if (report.kind === 'listening') return report.port;
    if (report.kind === 'unloaded' || report.kind === 'failed')
      throw new ShopDown(
        report.kind,
        firstLine(report.message),
        `${this.output.since(began)}\n${report.message}`,
      );
    throw new ShopDown('port-taken', `port ${request.port} is taken`, this.output.since(began));
  }

  /** Calls back with what a watched shop saw of each request. */
  onInside(callback: (seen: InsideReport) => void): void {
    this.#child.on('message', (message) => {
      if (isInsideReport(message, this.#token)) callback(message);
    });
  }

  /**
   * Sets the clock of an answer's process ahead of the machine's.
   * @throws ShopDown when the process has ended
   */
  async setClockAhead(ms: number): Promise<void> {
    const done = this.#report('clock-set');
    this.#child.send({ clockAhead: ms } satisfies ClockChange);
    await done;
  }

  /** What was seen of sessions in it; undefined when it has ended, or does not answer in time. */
  async sessionFacts(limitMs: number): Promise<SessionFacts | undefined> {
    if (this.hasEnded) return undefined;
    const told = this.#report('facts').catch(() => undefined);
    this.#child.send({ tellFacts: true } satisfies FactsRequest);
    const report = await within(told, limitMs, undefined);
    return report?.kind === 'facts' ? report.facts : undefined;
  }

  /** What the answer did since it was asked to close, oldest first. */
  get closing(): readonly ClosingEvent[] {
    return this.#closing;
  }

  /** Asks the shop to close by itself. Resolves when its shutDown is through, or the process has ended. */
  async shutDown(): Promise<void> {
    const done = this.#report('shut-down').catch(() => {});
    this.#child.send({ shutDown: true } satisfies ShutDownRequest);
    await done;
  }

  /** Ends the process at once, with all that it started, and waits until it is gone. */
  end(): Promise<void> {
    return this.#own.end();
  }

  #report(...kinds: Report['kind'][]): Promise<Report> {
    return new Promise((resolve, reject) => {
      const onMessage = (message: Report) => {
        if (!isReport(message, this.#token) || !kinds.includes(message.kind)) return;
        this.#child.off('message', onMessage);
        resolve(message);
      };
      this.#child.on('message', onMessage);
      void this.#own.ended.then((how) =>
        reject(new ShopDown('ended', `its process ${how}`, this.output.text)),
      );
    });
  }
}

/**
 * The environment of a shop: the machine's own, without variables that name a real database or change how
 * Node behaves.
 */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { MONGODB_URI, MONGODB_USER, MONGODB_PASSWORD, MONGODB_HOST, SESSION_SECRET, ...machine } =
    process.env;
  const { REDIS_URL, NODE_OPTIONS, NODE_ENV, VITEST, ...rest } = machine;
  return { ...rest, NODE_ENV: 'development', NO_COLOR: '1' };
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? '';
}
