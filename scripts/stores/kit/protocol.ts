/** What the process of a store can be asked, and what it answers. Both ends have it. */

export interface Opening {
  /** Where its backend is: a URL, or a folder. */
  readonly url: string;
  /** The app is told to move the cookie's end at each visit. */
  readonly rolling?: boolean;
  /** The cookie's life in the app, in milliseconds. Left out: until the browser is closed. */
  readonly maxAge?: number;
}

export interface Opened {
  /** Of get, set, destroy, touch, all, length, clear: those that the store has. */
  readonly methods: readonly string[];
  readonly canClose: boolean;
  /** The port of an app with this store, on 127.0.0.1. */
  readonly port: number;
}

export type Method = 'get' | 'set' | 'destroy' | 'touch' | 'all' | 'length' | 'clear';

/** One call of a store's method. */
export interface Call {
  readonly method: Method;
  readonly id?: string;
  /** For set and touch: the fields of the session. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** For set and touch: the life of its cookie in milliseconds. Left out: until the browser is closed. */
  readonly maxAge?: number;
  /** How long its callback is waited for, in milliseconds. */
  readonly patience: number;
}

/** What came of a call. */
export interface Outcome {
  /** What it threw, in words, in place of calling back. */
  readonly threw?: string;
  /** What its promise was rejected with, in words. The process would have ended by it. */
  readonly rejected?: string;
  /** How often it has called back by the time it is told. 0: not within the patience. */
  readonly callbacks: number;
  /** When it first called back, in milliseconds. */
  readonly ms: number;
  /** The error that it called back with, in words. */
  readonly error?: string;
  /** The second argument of the callback, portable. */
  readonly value?: unknown;
  /** All arguments as node:util would print them, in one line. */
  readonly args: string;
}

/** A timer that has not ended. */
export interface Timer {
  readonly kind: 'setInterval' | 'setTimeout';
  readonly ms: number;
  /** Whether it keeps the process alive. */
  readonly holds: boolean;
  /** The package that started it. */
  readonly by: string;
}

export interface Questions {
  /** Imports the module. */
  load(): void;
  open(opening: Opening): Opened;
  call(call: Call): Outcome;
  /** Several calls in one turn of the event loop. */
  together(calls: readonly Call[]): Outcome[];
  /** get, a change of what it gave, and get again. @returns the field that was changed, as the second get gave it */
  changeOutside(detail: { id: string; patience: number }): unknown;
  /** Moves the clock of the process ahead, for all that asks for the time later. */
  clock(detail: { aheadMs: number }): void;
  /** The events 'connect', 'disconnect' and 'error' of the store so far. */
  events(): string[];
  timers(): Timer[];
  /** How many requests wait in /slow. */
  slowWaiting(): number;
  /** The requests that wait in /slow are answered. */
  answerSlow(): number;
  /** Lets go: closes the app, the store when asked to, and no longer keeps the process alive. @returns what closing failed with */
  release(detail: { close: boolean }): string | undefined;
}
