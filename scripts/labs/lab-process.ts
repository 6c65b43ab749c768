import { type ChildProcess, type ForkOptions, fork, type SpawnOptions } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { OwnChild } from '../processes/own-child.ts';
import { WITH_TSX } from '../shared/with-tsx.ts';
import type { Answer, Handlers, Question } from './answer.ts';

/** A process ended during a call. */
export class ProcessEnded extends Error {}

/** How many characters of stderr are kept for an error message. */
const TAIL = 2000;

/** A separate process for a measured part or a server, so that measuring does not disturb it. */
export class LabProcess<H extends Handlers> {
  readonly #child: ChildProcess;
  readonly #own: OwnChild;
  #asked = 0;
  #stderr = '';

  /** @param host the module that answers, by `answer(handlers)` @param flags more flags for Node */
  constructor(host: string, flags: readonly string[] = []) {
    const { NODE_OPTIONS, VITEST, ...env } = process.env;
    const options: ForkOptions & Pick<SpawnOptions, 'windowsHide'> = {
      execArgv: [...WITH_TSX, ...flags],
      // The same setting as a shop in production.
      env: { ...env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A separate process group, or console on Windows, so that Ctrl+C reaches only the parent, which then ends it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    };
    this.#child = fork(fileURLToPath(new URL(host, import.meta.url)), options);
    this.#own = new OwnChild(this.#child);
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = `${this.#stderr}${text}`.slice(-TAIL);
    });
  }

  /** Calls a function of the process. @throws {ProcessEnded} when it ends before it has answered */
  ask<K extends keyof H & string>(name: K, detail: Parameters<H[K]>[0]): Promise<Awaited<ReturnType<H[K]>>> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      const ended = () => {
        reject(new ProcessEnded(`a process ended when it was asked to ${name}\n${this.#stderr}`.trim()));
      };
      if (this.#own.hasEnded) return ended();
      void this.#own.ended.then(ended);
      const listen = (answer: Answer) => {
        if (answer.id !== id) return;
        this.#child.off('message', listen);
        if ('error' in answer) reject(new Error(answer.error));
        else resolve(answer.value as Awaited<ReturnType<H[K]>>);
      };
      this.#child.on('message', listen);
      // 'close' reports a process that has ended.
      this.#child.send({ id, name, detail } satisfies Question, () => {});
    });
  }

  /** Kills the process and its children at once, as a crash does. */
  end(): Promise<void> {
    return this.#own.end();
  }
}
