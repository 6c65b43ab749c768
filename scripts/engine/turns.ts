import { CommandError } from './errors.ts';

/**
 * Work in steps: at each `yield` other work may run. A step is short, such as the work for one document. Some yield what they
 * `Found` on the way.
 */
export type Steps<T, Found = never> = Generator<Found | undefined, T, undefined>;

/** How long all work together may block the event loop before sockets are served, in milliseconds. */
const TURN = 5;

/** The limits of a piece of work. */
export class Job {
  /** By `performance.now()`; after it the work fails with MongoDB's error 50. */
  deadline = Number.POSITIVE_INFINITY;
  /** Whether the result is no longer needed: then the work stops. */
  cancelled = false;
}

interface Running {
  readonly job: Job;
  /** Takes one step. False when the work has ended, also by an error. */
  readonly step: (interruption?: Error) => boolean;
  readonly cancel: () => void;
}

/**
 * Shares one event loop among several jobs. A turn lasts a few milliseconds; unfinished work then waits until the
 * loop has served its sockets, and continues, one job after the other.
 */
export class Turns {
  #waiting: Running[] = [];
  /** When the present turn ends, by `performance.now()`. */
  #ends = 0;
  /** Whether work waits: the next turn begins after the sockets were served. */
  #scheduled = false;

  /** Runs work: short work at once, the rest in turns. Calls exactly one of `done` and `failed`, or neither when the job is cancelled. */
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
    if (!this.#scheduled && performance.now() >= this.#ends) this.#begin();
    this.#advance({ job, step, cancel: () => work.return(undefined as T) });
  }

  /** The same as a promise. */
  finish<T>(work: Steps<T>, job = new Job()): Promise<T> {
    return new Promise((resolve, reject) => this.run(work, job, resolve, reject));
  }

  #begin(): void {
    this.#ends = performance.now() + TURN;
  }

  #advance(running: Running): void {
    const { job, step, cancel } = running;
    let goesOn = step();
    while (goesOn && !job.cancelled) {
      const now = performance.now();
      if (now >= this.#ends) {
        this.#waiting.push(running);
        this.#schedule();
        return;
      }
      goesOn = step(job.deadline <= now ? timedOut() : undefined);
    }
    if (goesOn) cancel();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#nextTurn());
  }

  #nextTurn(): void {
    const round = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    this.#begin();
    for (const [at, running] of round.entries()) {
      this.#advance(running);
      if (performance.now() < this.#ends) continue;
      this.#waiting = [...round.slice(at + 1), ...this.#waiting];
      if (this.#waiting.length > 0) this.#schedule();
      return;
    }
  }
}

/** The error of a job whose time is over (MongoDB manual, "maxTimeMS"). */
const timedOut = () => new CommandError(50, 'operation exceeded time limit');
