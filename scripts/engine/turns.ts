import { CommandError } from './errors.ts';

/** Work in steps: at each `yield` somebody else may have a turn. A step is short, such as what one document takes. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** How long all work together may keep the event loop before sockets are looked after, in milliseconds. */
const TURN = 5;

/** What may end work before it is done. */
export class Job {
  /** By `performance.now()`; then it fails with MongoDB's error 50. */
  deadline = Number.POSITIVE_INFINITY;
  /** Nobody waits for the result: the work goes no further. */
  cancelled = false;
}

interface Running {
  readonly job: Job;
  /** Takes one step. False when the work is done, whatever came of it. */
  readonly step: (interruption?: Error) => boolean;
  readonly cancel: () => void;
}

/** Shares one event loop among all that is asked of it: in each round of the loop work goes on for a few milliseconds, each job in its turn. */
export class Turns {
  readonly #waiting: Running[] = [];
  #ends: number | undefined;

  /** Runs work: at once what is short, the rest in turns. Exactly one of `done` and `failed` is called, neither when the job is cancelled. */
  run<T>(work: Steps<T>, job: Job, done: (result: T) => void, failed: (error: Error) => void): void {
    const step = (interruption?: Error): boolean => {
      let next: IteratorResult<undefined, T>;
      try {
        next = interruption === undefined ? work.next() : work.throw(interruption);
      } catch (error) {
        failed(error as Error);
        return false;
      }
      if (next.done) done(next.value);
      return !next.done;
    };
    this.#advance({ job, step, cancel: () => work.return(undefined as T) });
  }

  /** The same as a promise. */
  finish<T>(work: Steps<T>, job = new Job()): Promise<T> {
    return new Promise((resolve, reject) => this.run(work, job, resolve, reject));
  }

  #advance(running: Running): void {
    const { job, step, cancel } = running;
    let goesOn = step();
    while (goesOn && !job.cancelled) {
      if (performance.now() >= this.#turnEnds()) {
        this.#waiting.push(running);
        return;
      }
      goesOn = step(job.deadline <= performance.now() ? timedOut() : undefined);
    }
    if (goesOn) cancel();
  }

  /** When the present round of the loop has done enough. */
  #turnEnds(): number {
    if (this.#ends !== undefined) return this.#ends;
    setImmediate(() => this.#nextRound());
    this.#ends = performance.now() + TURN;
    return this.#ends;
  }

  #nextRound(): void {
    this.#ends = undefined;
    const round = this.#waiting.splice(0);
    for (const [at, running] of round.entries()) {
      this.#advance(running);
      if (performance.now() < this.#turnEnds()) continue;
      this.#waiting.unshift(...round.slice(at + 1));
      return;
    }
  }
}

/** A job whose time is over (MongoDB manual, "maxTimeMS"). */
const timedOut = () => new CommandError(50, 'operation exceeded time limit');
