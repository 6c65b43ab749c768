import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { LIMIT_MS } from './open-lesson.ts';

/** `npm run compass` in a learner's clone. */
export class CompassCommand {
  readonly #process: ChildProcess;
  readonly #ended: Promise<string>;
  readonly #heard = new EventEmitter();
  #hasEnded = false;
  output = '';

  constructor(dir: string, env: NodeJS.ProcessEnv) {
    const { MONGODB_URI: _, ...own } = process.env;
    this.#process = spawn(process.execPath, [join('scripts', 'launch.mjs'), 'compass'], {
      cwd: dir,
      env: { ...own, NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.#heard.emit('something');
      });
    }
    this.#ended = once(this.#process, 'close').then(([code, signal]) => {
      this.#hasEnded = true;
      this.#heard.emit('something');
      return signal ? `killed by ${signal}` : `exit code ${code}`;
    });
  }

  /** Compass's address: http://127.0.0.1:PORT/TOKEN/ */
  get url(): string {
    return /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(this.output)?.[0] ?? '';
  }

  /** Waits until it prints Compass's address, or that Compass could not be fetched. */
  async opens(): Promise<'open' | 'not fetched'> {
    const limit = AbortSignal.timeout(2 * LIMIT_MS);
    while (!this.url && !this.#hasEnded) await once(this.#heard, 'something', { signal: limit });
    if (this.url) return 'open';
    if (this.output.includes('could not be fetched')) return 'not fetched';
    throw new Error(`npm run compass ended (${await this.#ended}) without opening Compass.`);
  }

  /** Ctrl+C. @returns how it ended: 'exit code 0' */
  async interrupt(): Promise<string> {
    this.#process.kill('SIGINT');
    return this.#ended;
  }

  /** Ends it, after any outcome of the test. */
  async clear(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }
}
