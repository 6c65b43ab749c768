/** A message of a library, a server, a browser or the system. A plain string is one that a test provokes. */
export type Message =
  | string
  | {
      /** As the page shows it: `…` stands for what differs. */
      readonly text: string;
      /** Matches the message, where `…` would match too much. */
      readonly pattern?: RegExp;
      /** Known from documentation and public reports: no test provokes it. */
      readonly reported?: true;
      /** Says that something failed and not what: another message in the same text tells more. */
      readonly echo?: true;
    };

/** A problem that the doctor knows by name. The error index, the search for a message and the live diagnosis all read it here. */
export interface Problem {
  /** Empty where it fails without a message. */
  readonly says: readonly Message[];
  /** MongoDB's error codes for it, with their names (MongoDB source, error_codes.yml). A code of several problems is told apart by the message. */
  readonly codes?: Readonly<Record<number, string>>;
  readonly cause: string;
  readonly fix: string;
  /** The lesson that shows it. */
  readonly lesson?: number;
}

/** Messages that no test provokes here: they need Atlas, another version, another program or a real replica set. */
export const reported = (...texts: string[]): Message[] => texts.map((text) => ({ text, reported: true }));

export const textOf = (message: Message): string => (typeof message === 'string' ? message : message.text);
export const isReported = (message: Message): boolean =>
  typeof message !== 'string' && message.reported === true;
