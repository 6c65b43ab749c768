import type { Document } from 'bson';
import { codeNameOf } from '../engine/errors.ts';
import type { TappedCommand } from './recording.ts';

/**
 * What the proxy does with a command: forward it, hold it back until `reset`, cut its connection, answer it itself, or forward it
 * after some milliseconds.
 */
export type FaultAction = 'pass' | 'hold' | 'cut' | { readonly answer: Document } | { readonly wait: number };

/** The commands that change documents. */
const WRITES = new Set(['insert', 'update', 'delete', 'findAndModify']);

/** The error that answers a command. The command does not reach the Mongo. */
export interface Failure {
  /** mongod's number for it (MongoDB source, error_codes.yml): 6 HostUnreachable, 91 ShutdownInProgress, 11600 InterruptedAtShutdown. */
  readonly code: number;
  /** The name of the code, when it is not a usual one. */
  readonly codeName?: string;
  readonly message?: string;
  /** Such as RetryableWriteError, which tells drivers since 4.4 that they may send the write once more. */
  readonly labels?: readonly string[];
  /** How many commands: 1 by default, Infinity for all of them until the tap's `behave`. */
  readonly times?: number;
  /** The database of the commands; any by default. */
  readonly db?: string;
}

/** The answer of a deployment without retryable writes to one (MongoDB source, transaction_participant.cpp). */
const NO_RETRYABLE_WRITES = {
  code: 20,
  message: 'Transaction numbers are only allowed on a replica set member or mongos',
};

function answer({ code, codeName = codeNameOf(code), message, labels }: Failure): FaultAction {
  const errorLabels = labels === undefined ? {} : { errorLabels: labels };
  return { answer: { ok: 0, errmsg: message ?? codeName, code, codeName, ...errorLabels } };
}

/** A fault for the next commands of a name. */
interface PlannedFault {
  readonly action: FaultAction;
  readonly db: string | undefined;
  left: number;
}

/** The faults that the proxy plays. None at first. */
export class FaultPlan {
  /** By the name of the command, oldest plan first. */
  readonly #planned = new Map<string, PlannedFault[]>();
  #hangs = false;
  #writesWait = 0;
  #refusesRetries = false;
  #member = false;

  /** Whether the deployment looks like a member of a replica set. */
  get member(): boolean {
    return this.#member;
  }

  actionFor({ name, db, body }: TappedCommand): FaultAction {
    if (this.#hangs) return 'hold';
    const planned = this.#planned.get(name)?.find((plan) => plan.left > 0 && (plan.db ?? db) === db);
    if (planned !== undefined) {
      planned.left--;
      return planned.action;
    }
    if (this.#refusesRetries && 'txnNumber' in body) return answer(NO_RETRYABLE_WRITES);
    return this.#writesWait && WRITES.has(name) ? { wait: this.#writesWait } : 'pass';
  }

  hang(): void {
    this.#hangs = true;
  }

  slowWrites(ms: number): void {
    this.#writesWait = ms;
  }

  fail(name: string, failure: Failure): void {
    this.#plan(name, { action: answer(failure), db: failure.db, left: failure.times ?? 1 });
  }

  /** Holds back every command of that name until `reset`. */
  hold(name: string): void {
    this.#plan(name, { action: 'hold', db: undefined, left: Number.POSITIVE_INFINITY });
  }

  cut(name: string, times: number): void {
    this.#plan(name, { action: 'cut', db: undefined, left: times });
  }

  becomeMember(refusesRetries: boolean): void {
    this.#member = true;
    this.#refusesRetries = refusesRetries;
  }

  /** Ends every fault. The deployment still looks like a member. */
  reset(): void {
    this.#hangs = false;
    this.#writesWait = 0;
    this.#refusesRetries = false;
    this.#planned.clear();
  }

  #plan(name: string, plan: PlannedFault): void {
    this.#planned.set(name, [...(this.#planned.get(name) ?? []), plan]);
  }
}
