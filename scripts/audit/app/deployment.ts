import { freePort } from '../../shared/free-port.ts';
import { type Backends, startBackends } from './backends.ts';
import { type AppCopy, copyApp } from './copy.ts';
import { type AppEnvironment, environmentFor, inProduction } from './environment.ts';
import { type AppPackage, installedAt, readPackage } from './package-of.ts';
import { AppDown, RunningApp } from './running-app.ts';
import { readEnvFiles, readSources, type SourceFile, switchesIn, variablesIn } from './source-of.ts';
import { type StartCommand, startCommand } from './start-command.ts';

/** What a user may say about how the app is started. */
export interface StartOptions {
  readonly start?: string;
  readonly env: Readonly<Record<string, string>>;
  /** How long one start may take, in milliseconds. */
  readonly startLimit: number;
}

/** How an instance differs from the others of the same app. */
export interface InstanceOptions {
  readonly production?: boolean;
  /** How far its clock is ahead of the machine's, in milliseconds. */
  readonly ahead?: number;
  readonly startLimit?: number;
  /** Names of variables that it does not get. */
  readonly without?: readonly string[];
}

/** An app that the audit can start, with the databases it gets. Everything that was started ends with `stop`. */
export class Deployment {
  readonly app: AppPackage;
  readonly backends: Backends;
  readonly command: StartCommand;
  readonly sources: readonly SourceFile[];
  readonly #copy: AppCopy;
  readonly #options: StartOptions;
  readonly #running = new Set<RunningApp>();
  #environment: AppEnvironment | undefined;

  private constructor(
    app: AppPackage,
    command: StartCommand,
    copy: AppCopy,
    backends: Backends,
    options: StartOptions,
  ) {
    this.app = app;
    this.command = command;
    this.#copy = copy;
    this.backends = backends;
    this.#options = options;
    this.sources = readSources(copy.dir);
  }

  /** @throws {UsageError} or {EnvironmentError} when the folder has no app that can be started */
  static async open(folder: string, options: StartOptions): Promise<Deployment> {
    const app = readPackage(folder);
    const command = startCommand(app, options.start);
    const backends = await startBackends(
      ['redis', 'ioredis', '@redis/client'].some((name) => installedAt(app.dir, name)),
    );
    try {
      return new Deployment(app, command, copyApp(app.dir), backends, options);
    } catch (error) {
      await backends.stop();
      throw error;
    }
  }

  /** The environment of the last started instance. */
  get environment(): AppEnvironment | undefined {
    return this.#environment;
  }

  /** Names of the environment variables that the app reads. */
  get variables(): readonly string[] {
    return variablesIn(this.sources);
  }

  /** The folder that it runs in: the copy's. */
  get dir(): string {
    return this.#copy.dir;
  }

  /** Starts an instance. @throws {AppDown} when it does not come up */
  async start(options: InstanceOptions = {}): Promise<RunningApp> {
    try {
      return await this.#startOnce(options);
    } catch (error) {
      // Another program took the port at that moment.
      if (error instanceof AppDown && /\bEADDRINUSE\b/.test(error.output)) return this.#startOnce(options);
      throw error;
    }
  }

  async #startOnce(options: InstanceOptions): Promise<RunningApp> {
    const { production = false, ahead = 0, startLimit, without = [] } = options;
    const { tap, redis } = this.backends;
    const port = await freePort();
    const places = { mongo: tap.uri, redis: redis?.url, port };
    const { own, sample } = readEnvFiles(this.dir);
    const read = variablesIn(this.sources);
    this.#environment = this.#kept(environmentFor(read, { own, sample, given: this.#options.env }, places));
    const environment: Record<string, string> = { ...this.#environment.values };
    if (production) Object.assign(environment, inProduction(this.#environment, this.#switches()));
    for (const name of without) delete environment[name];
    const settings = { port, mongo: portOf(tap.uri), ...(redis && { redis: portOf(redis.url) }) };
    const launch = { command: this.command, dir: this.dir, environment, settings };
    const running = await RunningApp.start(launch, startLimit ?? this.#options.startLimit, ahead);
    this.#running.add(running);
    return running;
  }

  /** The variables beside NODE_ENV that make it production, but for those of --env. */
  #switches(): Record<string, string> {
    const found = Object.entries(switchesIn(this.sources));
    return Object.fromEntries(found.filter(([name]) => !(name in this.#options.env)));
  }

  async end(running: RunningApp): Promise<void> {
    this.#running.delete(running);
    await running.end();
  }

  async stop(): Promise<void> {
    for (const running of this.#running) await running.end();
    await this.backends.stop();
    this.#copy.remove();
  }

  readonly #made = new Map<string, string>();

  /** Keeps made-up secrets the same at each start: new ones would log everybody out. */
  #kept(environment: AppEnvironment): AppEnvironment {
    const { values } = environment;
    const kept: Record<string, string> = { ...values };
    for (const name of environment.madeUp) {
      const value = values[name] ?? '';
      if (/^[0-9a-f]{32}$/.test(value)) {
        if (!this.#made.has(name)) this.#made.set(name, value);
        kept[name] = this.#made.get(name) ?? value;
      }
    }
    return { ...environment, values: kept };
  }
}

const portOf = (url: string) => Number(new URL(url).port);
