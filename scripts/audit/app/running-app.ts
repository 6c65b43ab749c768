import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { signalAfter, within } from '../../shared/fair-time.ts';
import { AppProcess, type Launch } from './app-process.ts';
import { Control, type Report, type SessionSetup, type StoreCall } from './control.ts';
import type { AppOutput } from './output.ts';

/** Thrown when the app did not start. The message says what was seen, the output what the app printed. */
export class AppDown extends Error {
  readonly kind: 'ended' | 'silent' | 'unwatched';
  readonly output: string;
  readonly refused: readonly string[];

  constructor(kind: AppDown['kind'], message: string, output: string, refused: readonly string[]) {
    super(message);
    this.kind = kind;
    this.output = output;
    this.refused = refused;
  }
}

/** A route that the app registered. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

/** How long one test request may take, in milliseconds. */
const LOOK_LIMIT = 5000;

/** How long to wait for the output of an ended process, in milliseconds. */
const LAST_OUTPUT = 2000;

/** One instance of the app that answers requests. */
export class RunningApp {
  readonly #process: AppProcess;
  readonly #control: Control;
  readonly #reports: Report[];
  readonly url: string;

  private constructor(process: AppProcess, control: Control, reports: Report[], url: string) {
    this.#process = process;
    this.#control = control;
    this.#reports = reports;
    this.url = url;
  }

  /**
   * Starts the app and waits until it answers a request.
   * @param launch without the settings of the control connection
   * @param limitMs for the whole start, in milliseconds
   * @param ahead how far its clock is ahead of the machine's, in milliseconds
   * @throws {AppDown} when it ends, or does not listen in time
   */
  static async start(launch: Launch, limitMs: number, ahead = 0): Promise<RunningApp> {
    const reports: Report[] = [];
    let told = () => {};
    const control = await Control.open((report) => {
      reports.push(report);
      if (report.kind === 'listening') {
        void control.ask('ports', { ports: [report.port] });
        told();
      }
      if (report.kind === 'hello' && ahead > 0) void control.ask('clock', { ahead });
    });
    const settings = { ...launch.settings, control: control.port, token: control.token };
    const process = new AppProcess({ ...launch, settings });
    const { signal: limit, callOff } = signalAfter(limitMs);
    const fail = async (kind: AppDown['kind'], message: string) => {
      callOff();
      await process.end();
      await control.close();
      return new AppDown(kind, message, process.output.text, refusedIn(reports));
    };
    const opened = new Promise<'opened'>((resolve) => {
      told = () => resolve('opened');
    });
    const over = new Promise<'over'>((resolve) => limit.addEventListener('abort', () => resolve('over')));
    const first = await Promise.race([opened, over, process.ended]);
    if (first === 'over') {
      if (!reports.some(({ kind }) => kind === 'hello'))
        throw await fail('unwatched', `no Node process of it was seen within ${limitMs / 1000} s`);
      throw await fail('silent', `it opened no HTTP server within ${limitMs / 1000} s`);
    }
    if (first !== 'opened') throw await fail('ended', `its process ${first}`);
    const listening = reports.find((report) => report.kind === 'listening');
    const url = `${listening?.protocol}://localhost:${listening?.port}`;
    while (!(await answers(url))) {
      if (process.hasEnded) throw await fail('ended', `its process ${await process.ended}`);
      if (limit.aborted)
        throw await fail('silent', `it listens, and answers no request within ${limitMs / 1000} s`);
      await delay(100);
    }
    callOff();
    return new RunningApp(process, control, reports, url);
  }

  get output(): AppOutput {
    return this.#process.output;
  }

  get hasEnded(): boolean {
    return this.#process.hasEnded;
  }

  /** Whether its process has ended, or is ending: such a process closes its connection before the system reports its end. */
  async isDown(): Promise<boolean> {
    if (this.hasEnded) return true;
    if ((await this.#control.ask('ping')).some(({ hasServer }) => hasServer)) return false;
    await within(this.ended, LAST_OUTPUT, undefined);
    return true;
  }

  /** A predicate for "its process …": 'ended with exit code 1'. */
  async howItEnded(): Promise<string> {
    return this.hasEnded ? this.ended : 'does not answer the audit any more';
  }

  get ended(): Promise<string> {
    return this.#process.ended;
  }

  /** How its session middlewares were set up, in the order the app made them. */
  get setups(): readonly SessionSetup[] {
    return this.#reports.filter((report) => report.kind === 'session');
  }

  /** Where the app wanted to connect and was refused: 'HOST:PORT'. */
  get refused(): readonly string[] {
    return refusedIn(this.#reports);
  }

  get redirected(): readonly string[] {
    const all = this.#reports.filter((report) => report.kind === 'redirected');
    return [...new Set(all.map(({ from, to }) => `${from} to ${to}`))];
  }

  /** How many store calls were reported: a mark for `calls`. It includes all calls that the app has made before. */
  async mark(): Promise<number> {
    await this.#control.ask('ping');
    return this.#reports.length;
  }

  /** The store calls since a mark. */
  async calls(mark: number): Promise<StoreCall[]> {
    await this.#control.ask('ping');
    return this.#reports.slice(mark).filter((report) => report.kind === 'store');
  }

  /** Sets the clock of the app's processes ahead of the machine's, in milliseconds. */
  async setClockAhead(ms: number): Promise<void> {
    await this.#control.ask('clock', { ahead: ms });
  }

  async routes(): Promise<Route[]> {
    const answers = await this.#control.ask('routes');
    return answers.flatMap(({ routes }) => (Array.isArray(routes) ? (routes as Route[]) : []));
  }

  /** Holds the next write of one session in the app, before its store gets it. @returns a function that releases it */
  async holdWrite(
    id: string,
    operation: 'write' | 'set' = 'write',
  ): Promise<{ held: () => boolean; release: () => Promise<void> }> {
    const mark = this.#reports.length;
    await this.#control.ask('hold', { id, operation });
    return {
      held: () => this.#reports.slice(mark).some((report) => report.kind === 'held' && report.id === id),
      release: async () => {
        await this.#control.ask('release');
      },
    };
  }

  /** Ends it at once, and all that it started. */
  async end(): Promise<void> {
    await this.#process.end();
    await this.#control.close();
  }

  /** Asks it to end by SIGTERM. @returns how it ended; undefined when it still runs after the limit */
  async terminate(limitMs: number): Promise<string | undefined> {
    this.#process.terminate();
    return within(this.#process.ended, limitMs, undefined);
  }
}

const refusedIn = (reports: readonly Report[]) => [
  ...new Set(
    reports.filter((report) => report.kind === 'refused').map(({ host, port }) => `${host}:${port}`),
  ),
];

/** Whether it answers a request, with any status. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const { port, protocol } = new URL(url);
    const options = { host: '127.0.0.1', port, path: '/', agent: false, timeout: LOOK_LIMIT };
    const open = protocol === 'https:' ? requestTls : request;
    const asked = open({ ...options, rejectUnauthorized: false }, (response) => {
      response.destroy();
      resolve(true);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
