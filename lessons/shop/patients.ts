/** What is wrong with each patient of lesson 5's clinic, in the order they are seen. */
export type Ailment =
  | 'retryable-writes'
  | 'database-name'
  | 'password'
  | 'auth-source'
  | 'host-away'
  | 'localhost'
  | 'copy-paste'
  | 'backslash'
  | 'dead-store';

/** What is known of a patient: the connection string that its shop came with, and what its owner knows besides. */
export interface Chart {
  readonly uri: string;
  /** Who logs in, in clear: as the owner of the account would type it, not as a connection string needs it. */
  readonly username?: string;
  readonly password?: string;
}

/** A patient as the clinic's page presents it: what its owner complains about. */
export interface Complaint {
  readonly ailment: Ailment;
  readonly title: string;
  readonly words: string;
}

/** The waiting room. Nobody here knows their ailment; the name is only how the treatments are told apart. */
export const complaints: readonly Complaint[] = [
  {
    ailment: 'retryable-writes',
    title: 'Nothing can be put in the cart',
    words: 'Moved to a hosted, MongoDB-compatible service. Pages open, and every write is an error.',
  },
  {
    ailment: 'database-name',
    title: 'Not allowed, with the right password',
    words: 'This user may do everything in the database shop, and nothing elsewhere.',
  },
  {
    ailment: 'password',
    title: 'New password, no shop',
    words: 'The password was changed to a strong one, with a slash and an @ in it.',
  },
  {
    ailment: 'auth-source',
    title: 'The password is right, we looked twice',
    words: 'Name and password work in the administrator’s tools. Users are kept in the database admin.',
  },
  {
    ailment: 'host-away',
    title: 'It hangs, and then nothing',
    words: 'The database machine is off for repair. A shopper would like to be told so before tea.',
  },
  {
    ailment: 'localhost',
    title: 'It runs on this very machine',
    words: 'The server listens, its log says so: on 127.0.0.1. The shop cannot find it.',
  },
  {
    ailment: 'copy-paste',
    title: 'Copied from a web page',
    words: 'The string stood in a tutorial, and was copied with care.',
  },
  {
    ailment: 'backslash',
    title: 'Copied from a terminal',
    words: 'The string was pasted into a shell, and from there into the settings.',
  },
  {
    ailment: 'dead-store',
    title: 'The database is back, the shop is not',
    words:
      'Shop and database are started together, and the database takes a moment longer. It has been there for hours since.',
  },
];
