/** A message of a library, a server, a browser or the system. A test provokes every plain string. */
export type Message =
  | string
  | {
      /** The page's form of the message: `…` stands for the parts that vary. */
      readonly text: string;
      /** Matches the message when `…` would match too much. */
      readonly pattern?: RegExp;
      /** Known from documentation and public reports: no test provokes it. */
      readonly reported?: true;
      /** Says that something failed, but not why: another message in the same text is more exact. */
      readonly echo?: true;
    };

/** A problem that the doctor knows. The error index, the search for a message and the live diagnosis read it. */
export interface Problem {
  /** Empty when it fails without a message. */
  readonly says: readonly Message[];
  /** Its MongoDB error codes with their names (MongoDB source, error_codes.yml). When several problems share a code, the message decides. */
  readonly codes?: Readonly<Record<number, string>>;
  readonly cause: string;
  readonly fix: string;
  /** The lesson about it. */
  readonly lesson?: number;
}

/** Messages that no test provokes: they need Atlas, another version, another program or a real replica set. */
export const reported = (...texts: string[]): Message[] => texts.map((text) => ({ text, reported: true }));

export const textOf = (message: Message): string => (typeof message === 'string' ? message : message.text);
export const isReported = (message: Message): boolean =>
  typeof message !== 'string' && message.reported === true;
