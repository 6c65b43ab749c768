/** The problem of each patient of lesson 5's clinic, in the order of the page. */
export type Problem =
  | 'retryable-writes'
  | 'database-name'
  | 'password'
  | 'auth-source'
  | 'host-away'
  | 'localhost'
  | 'copy-paste'
  | 'backslash'
  | 'dead-store';

/** How a patient's shop connects. */
export interface ConnectionInfo {
  readonly uri: string;
  /** The login, not percent-encoded. */
  readonly username?: string;
  readonly password?: string;
}

/** A patient on the clinic's page. */
export interface Symptom {
  readonly problem: Problem;
  readonly title: string;
  readonly words: string;
}

/** The patients in the order of the page. The page does not explain the problem. */
export const symptoms: readonly Symptom[] = [
  {
    problem: 'retryable-writes',
    title: 'Nothing can be put in the cart',
    words: 'Moved to a hosted, MongoDB-compatible service. Pages open, and every write is an error.',
  },
  {
    problem: 'database-name',
    title: 'Not allowed, with the right password',
    words: 'This user may do everything in the database shop, and nothing elsewhere.',
  },
  {
    problem: 'password',
    title: 'New password, no shop',
    words: 'The password was changed to a strong one, with a slash and an @ in it.',
  },
  {
    problem: 'auth-source',
    title: 'The password is right, we looked twice',
    words: 'Name and password work in the administrator’s tools. Users are kept in the database admin.',
  },
  {
    problem: 'host-away',
    title: 'It hangs, and then nothing',
    words: 'The database machine is off for repair. A shopper would like to be told so before tea.',
  },
  {
    problem: 'localhost',
    title: 'It runs on this very machine',
    words: 'The server listens, its log says so: on 127.0.0.1. The shop cannot find it.',
  },
  {
    problem: 'copy-paste',
    title: 'Copied from a web page',
    words: 'The string stood in a tutorial, and was copied with care.',
  },
  {
    problem: 'backslash',
    title: 'Copied from a terminal',
    words: 'The string was pasted into a shell, and from there into the settings.',
  },
  {
    problem: 'dead-store',
    title: 'The database is back, the shop is not',
    words:
      'Shop and database are started together, and the database takes a moment longer. It has been there for hours since. Here it starts anew for each examination.',
  },
];
