import { EnvironmentError } from '../../shared/errors.ts';
import { freePort } from '../../shared/free-port.ts';
import { type Backends, startBackends } from './backends.ts';
import { type AppCopy, copyApp } from './copy.ts';
import { type AppEnvironment, environmentFor } from './environment.ts';
import { type AppPackage, installedAt, readPackage } from './package-of.ts';
import { AppDown, RunningApp } from './running-app.ts';
import { readEnvFiles, readSources, type SourceFile, variablesIn } from './source-of.ts';
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
  /** In milliseconds, of the machine's clock. */
  readonly ahead?: number;
  readonly startLimit?: number;
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

  /** @throws {UsageError} or {EnvironmentError} when the folder holds no app that can be started */
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

  /** What the last started instance was told. */
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
  async start({ production = false, ahead = 0, startLimit }: InstanceOptions = {}): Promise<RunningApp> {
    const { tap, redis } = this.backends;
    const port = await freePort();
    const places = { mongo: tap.uri, redis: redis?.url, port };
    const { own, samples } = readEnvFiles(this.dir);
    const read = [...variablesIn(this.sources), ...samples];
    this.#environment = environmentFor(read, own, this.#options.env, places);
    const environment = { ...this.#kept(this.#environment), ...(production && { NODE_ENV: 'production' }) };
    const settings = { port, mongo: portOf(tap.uri), ...(redis && { redis: portOf(redis.url) }) };
    const launch = { command: this.command, dir: this.dir, environment, settings };
    const running = await RunningApp.start(launch, startLimit ?? this.#options.startLimit, ahead);
    this.#running.add(running);
    return running;
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

  /** What was made up stays the same from start to start: a secret of each start's own would log everybody out. */
  #kept({ values, madeUp }: AppEnvironment): Record<string, string> {
    const kept: Record<string, string> = { ...values };
    for (const name of madeUp) {
      const value = values[name] ?? '';
      if (/^[0-9a-f]{32}$/.test(value)) {
        if (!this.#made.has(name)) this.#made.set(name, value);
        kept[name] = this.#made.get(name) ?? value;
      }
    }
    return kept;
  }
}

const portOf = (url: string) => Number(new URL(url).port);

/** Ways out for what a failed start printed. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /Cannot find (?:module|package) ['"]?([^'"\n]+)/,
    'Is everything installed and built? Run npm install there, and its build script if it has one.',
  ],
  [
    /(?:secret|SECRET|env|process\.env)\b.*(?:required|missing|undefined|must be)|(?:required|missing)\b.*\b[A-Z][A-Z_]{3,}/,
    'It misses a variable. Give it one: --env NAME=value.',
  ],
  [
    /ERR_DLOPEN_FAILED|invalid ELF header|was compiled against a different Node/,
    'A package in its node_modules was built for another machine. Run npm rebuild there.',
  ],
  [/EACCES|EADDRNOTAVAIL/, 'It wants a port or an address that this machine does not give.'],
];

/** The words for an app that did not start: what was seen, what it printed, the way out. */
export function notStarted(error: AppDown, dir: string): EnvironmentError {
  const printed = error.output
    .replaceAll(dir, '.')
    .trimEnd()
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at |^Node\.js v/.test(line))
    .slice(-12);
  const way = KNOWN.find(([pattern]) => pattern.test(error.output))?.[1];
  // One that ends at once has no time to report what it was refused.
  const said = [...error.output.matchAll(/ECONNREFUSED (?:\S+ )?([\w.-]+:\d+)/g)].map(
    ([, where = '']) => where,
  );
  const refused = [...new Set([...error.refused, ...said])];
  const lines = [
    `The app did not start: ${error.message}.`,
    ...(printed.length && printed[0] !== ''
      ? ['It printed at the end:', ...printed.map((line) => `  ${line}`)]
      : ['It printed nothing.']),
    ...(refused.length
      ? [
          `It wanted to connect to ${refused.join(', ')}. The audit lets an app reach only what the audit started: MongoDB, and Redis where there is a server.`,
        ]
      : []),
    ...(way ? [way] : []),
    ...(error.kind === 'unwatched'
      ? [
          'The audit looks into the app through NODE_OPTIONS, and keeps it from your database that way. Start Node without replacing them: --start "node server.js".',
        ]
      : [
          'Another way to start it: --start "node server.js". A variable it needs: --env NAME=value. A longer wait: --wait 120.',
        ]),
  ];
  return new EnvironmentError(lines.join('\n'));
}

export { AppDown };
