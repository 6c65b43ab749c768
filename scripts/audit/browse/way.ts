import type { Account } from './account.ts';
import type { Action } from './action.ts';
import type { Seen } from './crawl.ts';
import type { Probe } from './probe.ts';
import type { Exchange } from './visitor.ts';

/** What an app offers, as found by the audit or named in a flow file. */
export interface Way {
  readonly account: Account;
  readonly signUp: Action | undefined;
  readonly logIn: Action | undefined;
  readonly logOut: Action | undefined;
  readonly everywhere: Action | undefined;
  readonly change: Action | undefined;
  readonly probe: Probe | undefined;
  /** Whether the login accepts any password. */
  readonly anyPassword?: boolean;
  /** Pages that visitors without a login saw. */
  readonly pages: readonly Seen[];
  /** Pages that the logged-in visitor saw. */
  readonly ownPages: readonly Seen[];
  /** What those were answered who signed up or logged in, also where no page tells whether they are logged in. */
  readonly answers: readonly Exchange[];
  /** Paths of static files. */
  readonly files: readonly string[];
  /** What was tried without success, for the author of a flow file. */
  readonly tried: readonly string[];
}

/** What a flow file says; each part replaces the search for it. */
export type Flow = Partial<Pick<Way, 'signUp' | 'logIn' | 'logOut' | 'everywhere' | 'change'>> & {
  readonly account?: Partial<Account>;
  readonly private?: string;
};
