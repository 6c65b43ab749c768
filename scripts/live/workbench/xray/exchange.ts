import type { InsideReport } from '../../../grader/shop-process/shop-messages.ts';

/** A command that a session store sent to its database during a request. */
export interface SeenCommand {
  /** 'find shop.sessions', 'SET sess:…' */
  readonly name: string;
  /** What was asked, as JSON, cut when it is long. */
  readonly detail: string;
  /** Whether it changes something. */
  readonly writes: boolean;
  /** How long it took, in milliseconds; undefined while it has no answer. */
  readonly ms?: number | undefined;
  /** 'found 1', 'matched 0', or the error. */
  readonly result: string;
  /** Whether it came when the request had already been answered. */
  readonly late: boolean;
}

/** A session as its store holds it. */
export interface StoredSession {
  readonly id: string;
  /** 'MongoDB, shop.sessions', 'Redis, sess:…', 'the memory of process 4711' */
  readonly where: string;
  /** Plain JSON values: dates as ISO text. */
  readonly document: unknown;
  /** When the store deletes it, in milliseconds since 1970; undefined when it names no end. */
  readonly ends: number | undefined;
}

/** A Set-Cookie line that the shopper's browser did not take, and why. */
export interface DroppedLine {
  readonly line: string;
  readonly rule: string;
}

/** One request of a shopper and all that was seen of it. It grows while the request runs. */
export interface SeenExchange {
  readonly number: number;
  /** 'Ann' */
  readonly shopper: string;
  readonly method: string;
  readonly path: string;
  /** Whether it is a picture, a stylesheet: no page and no form. */
  readonly isAsset: boolean;
  /** When it began, by the clock of the shop, in milliseconds since 1970. */
  readonly began: number;
  /** The Cookie header that the shopper sent, in full. */
  readonly cookie: string;
  /** The secrets that the shop was given, with their names, the signing one first. */
  readonly secrets: readonly NamedSecret[];
  /** undefined until there is an answer, and when there is none. */
  status?: number;
  location?: string | undefined;
  /** How it ended without a full answer: 'refused', 'broke off', 'given up'. */
  failed?: string;
  ms?: number;
  /** The instance that answered, where there are several. */
  servedBy?: string | undefined;
  setCookies: readonly string[];
  dropped: readonly DroppedLine[];
  /** When the session cookie ends in the shopper's browser; undefined when it ends with the browser. */
  cookieEnds?: number | undefined;
  readonly commands: SeenCommand[];
  before?: StoredSession | undefined;
  after?: StoredSession | undefined;
  inside?: InsideReport;
}

/** A secret that may have signed a cookie. */
export interface NamedSecret {
  readonly name: string;
  readonly value: string;
}
