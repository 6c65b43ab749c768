import type { Document } from 'bson';
import { codeNameOf } from '../engine/errors.ts';
import type { TappedCommand } from './recording.ts';

/** What happens to a command: it passes, waits for a better mood, takes its connection along, or is answered by the tap. */
export type Verdict = 'pass' | 'hold' | 'cut' | { readonly answer: Document };

/** The error a command is answered with instead of reaching the Mongo. */
export interface Failure {
  /** mongod's number for it (MongoDB source, error_codes.yml): 6 HostUnreachable, 91 ShutdownInProgress, 11600 InterruptedAtShutdown. */
  readonly code: number;
  /** The name that belongs to the code, where it is not one of the usual ones. */
  readonly codeName?: string;
  readonly message?: string;
  /** Such as RetryableWriteError, which tells drivers since 4.4 that they may send the write once more. */
  readonly labels?: readonly string[];
  /** How many commands; 1 unless said, Infinity for all of them until `behave`. */
  readonly times?: number;
  /** The database that they are about; any, unless said. */
  readonly db?: string;
}

/** What a deployment without retryable writes says to one, code and words (MongoDB source, transaction_participant.cpp). */
const NO_RETRYABLE_WRITES = {
  code: 20,
  message: 'Transaction numbers are only allowed on a replica set member or mongos',
};

function answer({ code, codeName = codeNameOf(code), message, labels }: Failure): Verdict {
  const errorLabels = labels === undefined ? {} : { errorLabels: labels };
  return { answer: { ok: 0, errmsg: message ?? codeName, code, codeName, ...errorLabels } };
}

/** What awaits the next commands of a name. */
interface Plan {
  readonly verdict: Verdict;
  readonly db: string | undefined;
  left: number;
}

/** What a tap does with the commands that come: nothing out of the ordinary, until it is told to. */
export class Moods {
  /** By command, what awaits the next ones of that name, in the order it was planned. */
  readonly #planned = new Map<string, Plan[]>();
  #hangs = false;
  #refusesRetries = false;
  #member = false;

  /** Whether it says of itself to be a replica set's member. */
  get member(): boolean {
    return this.#member;
  }

  judge({ name, db, body }: TappedCommand): Verdict {
    if (this.#hangs) return 'hold';
    const planned = this.#planned.get(name)?.find((plan) => plan.left > 0 && (plan.db ?? db) === db);
    if (planned !== undefined) {
      planned.left--;
      return planned.verdict;
    }
    return this.#refusesRetries && 'txnNumber' in body ? answer(NO_RETRYABLE_WRITES) : 'pass';
  }

  hang(): void {
    this.#hangs = true;
  }

  fail(name: string, failure: Failure): void {
    this.#plan(name, { verdict: answer(failure), db: failure.db, left: failure.times ?? 1 });
  }

  cut(name: string, times: number): void {
    this.#plan(name, { verdict: 'cut', db: undefined, left: times });
  }

  pose(refusesRetries: boolean): void {
    this.#member = true;
    this.#refusesRetries = refusesRetries;
  }

  behave(): void {
    this.#hangs = false;
    this.#refusesRetries = false;
    this.#planned.clear();
  }

  #plan(name: string, plan: Plan): void {
    this.#planned.set(name, [...(this.#planned.get(name) ?? []), plan]);
  }
}
