import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { editedFiles, type Lesson } from '../../scripts/course/lessons.ts';
import { Workspace } from '../../scripts/proof/bench-grader/workspace.ts';

/** How long anything may take that a test waits for, in milliseconds. Only a failing test ever waits this long. */
export const PATIENCE = 60_000;

/** The lines below a verdict: where the shop is, and where its sessions can go. */
const FOOTER = /(http:\/\/localhost:\d+)\b[\s\S]*?(mongodb:\/\/127\.0\.0\.1:\d+\/shop)\b/;

/** `npm run lesson N` in a learner's clone, with our solution saved as the answer, or the starter as it is shipped. */
export class OpenLesson {
  readonly workspace: Workspace;
  readonly #process: ChildProcess;
  readonly #ended: Promise<string>;
  readonly #heard = new EventEmitter();
  #output = '';
  /** How much of the output a test has waited for already. */
  #read = 0;
  #hasEnded = false;
  #url = '';
  #mongoUri = '';

  /** @param solved whether the answer is our solution already */
  constructor(lessonNumber: number, { solved = true } = {}) {
    this.workspace = new Workspace(lessonNumber);
    if (!solved) this.#save((lesson) => lesson.dir);
    this.#process = spawn(process.execPath, [join('scripts', 'launch.mjs'), 'lesson', String(lessonNumber)], {
      cwd: this.workspace.dir,
      env: learnersEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#heard.emit('something');
      });
    }
    this.#ended = once(this.#process, 'close').then(([code, signal]) => {
      this.#hasEnded = true;
      this.#heard.emit('something');
      return signal ? `killed by ${signal}` : `exit code ${code}`;
    });
  }

  /** Saves our solution as the answer. */
  solve(): void {
    this.#save((lesson) => lesson.solutionDir);
  }

  #save(from: (lesson: Lesson) => string): void {
    const { lesson } = this.workspace;
    for (const file of editedFiles(lesson))
      copyFileSync(join(from(lesson), file), join(lesson.workDir, file));
  }

  /** Where its workbench is: http://127.0.0.1:PORT/TOKEN/ */
  get benchUrl(): string {
    return /http:\/\/127\.0\.0\.1:\d+\/[\w-]{20,}\//.exec(this.#output)?.[0] ?? '';
  }

  /** Everything it printed so far. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Where the shop is: http://localhost:PORT */
  get url(): string {
    return this.#url;
  }

  /** Where its sessions can go: mongodb://127.0.0.1:PORT/shop */
  get mongoUri(): string {
    return this.#mongoUri;
  }

  /**
   * Waits until the lesson has printed all of these texts, in this order, after what was waited for last.
   * @param act done first; then only what is printed after it counts
   */
  async says(texts: readonly RegExp[], act?: () => void): Promise<void> {
    if (act) this.#read = this.#output.length;
    act?.();
    const limit = AbortSignal.timeout(PATIENCE);
    for (const text of texts) {
      let found = text.exec(this.#output.slice(this.#read));
      while (!found) {
        if (this.#hasEnded)
          throw new Error(`The lesson ended (${await this.#ended}) without saying ${text}.`);
        await once(this.#heard, 'something', { signal: limit }).catch(() => {
          throw new Error(`The lesson did not say ${text} within ${PATIENCE / 1000} s.`);
        });
        found = text.exec(this.#output.slice(this.#read));
      }
      this.#read += found.index + found[0].length;
      if (text === FOOTER) [, this.#url = '', this.#mongoUri = ''] = found;
    }
  }

  /** Waits for a verdict in which every step passes, and for the line below it: then the shop is open too. */
  async passes(act?: () => void): Promise<void> {
    await this.says([/All \d+ steps pass/, FOOTER], act);
  }

  /** Ctrl+C. @returns how the lesson ended: 'exit code 0' */
  async interrupt(): Promise<string> {
    // Windows has no signals: there it is ended from outside.
    this.#process.kill('SIGINT');
    const limit = AbortSignal.timeout(PATIENCE);
    const late = once(limit, 'abort').then(() => {
      throw new Error(`The lesson did not end within ${PATIENCE / 1000} s.`);
    });
    return await Promise.race([this.#ended, late]);
  }

  /** Ends what is left, whatever became of the test. */
  async clear(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
    this.workspace.remove();
  }
}

/**
 * The environment of somebody at a terminal: no real database, and nothing of the test runner's, which would
 * reach the lesson and its shop.
 */
function learnersEnvironment(): NodeJS.ProcessEnv {
  const { MONGODB_URI, SESSION_SECRET, NODE_ENV, NODE_OPTIONS, FORCE_COLOR, ...rest } = process.env;
  const own = Object.entries(rest).filter(([name]) => !/^(?:VITEST|npm_config_)/.test(name));
  // The clone shares the packages of this one. Should npm ever be started there, it must not touch them.
  const forSafety = { npm_config_dry_run: 'true' };
  return { WORKSHOP_MONGO: 'embedded', ...Object.fromEntries(own), NO_COLOR: '1', ...forSafety };
}
