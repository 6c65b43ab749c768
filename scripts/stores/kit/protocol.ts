/** The questions to a store's process, and its answers. Both sides import them. */

export interface Opening {
  /** The backend's URL, or its folder. */
  readonly url: string;
  /** A call in the turn in which the store was opened, as by an early visitor. */
  readonly first?: Call;
  /** Whether the app moves the cookie's end at each visit. */
  readonly rolling?: boolean;
  /** The cookie's life in the app, in milliseconds. Default: until the browser is closed. */
  readonly maxAge?: number;
}

export interface Opened {
  /** The methods that the store has, of get, set, destroy, touch, all, length, clear. */
  readonly methods: readonly string[];
  readonly canClose: boolean;
  /** The outcome of the first call. */
  readonly first?: Outcome;
  /** The names of other methods that may stop a timer or a connection. */
  readonly enders: readonly string[];
}

export type Method = 'get' | 'set' | 'destroy' | 'touch' | 'all' | 'length' | 'clear';

/** A call of a store's method. */
export interface Call {
  readonly method: Method;
  readonly id?: string;
  /** For set and touch: the session's fields. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** For set and touch: the life of its cookie, in milliseconds. Default: until the browser is closed. */
  readonly maxAge?: number;
  /** The limit for its callback, in milliseconds. */
  readonly limitMs: number;
  /** How long to watch after the callback, in milliseconds. Default: a moment. */
  readonly watchMs?: number;
}

/** The outcome of a call. */
export interface Outcome {
  /** The error that it threw instead of calling back, in words. */
  readonly threw?: string;
  /** The error that its promise was rejected with, in words, when nothing handles it: in an app it would end the process. */
  readonly rejected?: string;
  /** It never called back, but its promise was fulfilled. */
  readonly isFulfilled?: boolean;
  /** The number of callbacks so far. 0: none within the limit. */
  readonly callbacks: number;
  /** The time until the first callback, in milliseconds. */
  readonly ms: number;
  /** The error of the callback, in words. */
  readonly error?: string;
  /** The callback's second argument, portable. */
  readonly value?: unknown;
  /** All arguments as node:util prints them, in one line. */
  readonly args: string;
}

/** A timer that is still running. */
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
  /** Starts an app with this store, at the first call. @returns its port on 127.0.0.1 */
  app(): number;
  call(call: Call): Outcome;
  /** Several calls in one turn of the event loop. */
  together(calls: readonly Call[]): Outcome[];
  /** Changes sessions without saving them, and reads them again. @returns a line for each change that should not be there */
  changeOutside(detail: { ids: readonly [string, string]; limitMs: number }): string[];
  /** Moves the clock of the process ahead, for all later readings. */
  clock(detail: { aheadMs: number }): void;
  /** The store's events 'connect' and 'disconnect' so far. */
  events(): string[];
  /** Whether a word is in the store's memory, as far as that is visible. */
  holds(detail: { word: string }): boolean;
  timers(): Timer[];
  /** Runs the timers of these packages now. */
  fire(detail: { by: readonly string[] }): void;
  /** The number of requests that wait in /slow. */
  slowWaiting(): number;
  /** Answers the requests that wait in /slow. @returns their number */
  answerSlow(): number;
  /** Closes the app and, when asked to, the store, and stops keeping the process alive. @returns the error of closing */
  release(detail: { close: boolean }): string | undefined;
}
