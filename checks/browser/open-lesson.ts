import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { editedFiles, findLessons, type Lesson } from '../../scripts/course/lessons.ts';
import { openWork } from '../../scripts/course/work.ts';
import { Workspace } from '../../scripts/proof/bench-grader/workspace.ts';

/** The limit of every wait in these tests, in milliseconds. Only a failing test waits this long. */
export const LIMIT_MS = 60_000;

/** The lines below a verdict: the shop's address, and a database for its sessions. */
const FOOTER = /(http:\/\/localhost:\d+)\b[\s\S]*?(mongodb:\/\/127\.0\.0\.1:\d+\/shop)\b/;

/** `npm run lesson N` in a learner's clone, with our solution saved as the answer, or with the original starter. */
export class OpenLesson {
  readonly workspace: Workspace;
  readonly #process: ChildProcess;
  readonly #ended: Promise<string>;
  readonly #heard = new EventEmitter();
  #output = '';
  /** How much of the output earlier waits have read. */
  #read = 0;
  #hasEnded = false;
  #url = '';
  #mongoUri = '';

  /**
   * @param solved whether the answer is our solution
   * @param env more variables for the learner's environment
   */
  constructor(lessonNumber: number, { solved = true, env = {} as NodeJS.ProcessEnv } = {}) {
    this.workspace = new Workspace(lessonNumber);
    if (!solved) this.restore(lessonNumber);
    this.#process = spawn(process.execPath, [join('scripts', 'launch.mjs'), 'lesson', String(lessonNumber)], {
      cwd: this.workspace.dir,
      env: { ...learnersEnvironment(), ...env },
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

  /** Saves our solution as the answer to a lesson. */
  solve(lessonNumber: number): void {
    this.#save(lessonNumber, (lesson) => lesson.solutionDir);
  }

  /** Saves the starter of a lesson as its answer. */
  restore(lessonNumber: number): void {
    this.#save(lessonNumber, (lesson) => lesson.dir);
  }

  #save(number: number, from: (lesson: Lesson) => string): void {
    const { dir } = this.workspace;
    const lesson = findLessons(dir).find((each) => each.number === number);
    if (!lesson) throw new Error(`There is no lesson ${number}.`);
    openWork(lesson, dir);
    for (const file of editedFiles(lesson))
      copyFileSync(join(from(lesson), file), join(lesson.workDir, file));
  }

  /** The workbench's address: http://127.0.0.1:PORT/TOKEN/, or as in WORKSHOP_ADDRESS. */
  get benchUrl(): string {
    return /http:\/\/[\w.-]+:\d+\/[\w-]{20,}\//.exec(this.#output)?.[0] ?? '';
  }

  /** Its output so far. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** The shop's address: http://localhost:PORT */
  get url(): string {
    return this.#url;
  }

  /** A database for the shop's sessions: mongodb://127.0.0.1:PORT/shop */
  get mongoUri(): string {
    return this.#mongoUri;
  }

  /**
   * Waits until the lesson has printed all of these texts, in this order, after the texts of the last wait.
   * @param act is called first; then only later output counts
   */
  async says(texts: readonly RegExp[], act?: () => void): Promise<void> {
    if (act) this.#read = this.#output.length;
    act?.();
    const limit = AbortSignal.timeout(LIMIT_MS);
    for (const text of texts) {
      let found = text.exec(this.#output.slice(this.#read));
      while (!found) {
        if (this.#hasEnded)
          throw new Error(`The lesson ended (${await this.#ended}) without saying ${text}.`);
        await once(this.#heard, 'something', { signal: limit }).catch(() => {
          throw new Error(`The lesson did not say ${text} within ${LIMIT_MS / 1000} s.`);
        });
        found = text.exec(this.#output.slice(this.#read));
      }
      this.#read += found.index + found[0].length;
      if (text === FOOTER) [, this.#url = '', this.#mongoUri = ''] = found;
    }
  }

  /** Waits for a verdict in which every step passes, and for the line below it: then the shop is open as well. */
  async passes(act?: () => void): Promise<void> {
    await this.says([/All \d+ steps pass/, FOOTER], act);
  }

  /** Ctrl+C. @returns how the lesson ended: 'exit code 0' */
  async interrupt(): Promise<string> {
    // Windows has no signals, so there it is killed.
    this.#process.kill('SIGINT');
    const limit = AbortSignal.timeout(LIMIT_MS);
    const late = once(limit, 'abort').then(() => {
      throw new Error(`The lesson did not end within ${LIMIT_MS / 1000} s.`);
    });
    return await Promise.race([this.#ended, late]);
  }

  /** Ends what is still running, after any outcome of the test. */
  async clear(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
    this.workspace.remove();
  }
}

/**
 * The environment of a person at a terminal: no real database, and no variables of the test runner, which would
 * reach the lesson and its shop.
 */
function learnersEnvironment(): NodeJS.ProcessEnv {
  const { MONGODB_URI, SESSION_SECRET, NODE_ENV, NODE_OPTIONS, FORCE_COLOR, ...rest } = process.env;
  const own = Object.entries(rest).filter(([name]) => !/^(?:VITEST|npm_config_)/.test(name));
  // The clone shares this clone's packages. If npm is ever started there, it must not change them.
  const forSafety = { npm_config_dry_run: 'true' };
  return { WORKSHOP_MONGO: 'embedded', ...Object.fromEntries(own), NO_COLOR: '1', ...forSafety };
}
