// The package brings types along, but not where TypeScript looks for those of an ES module. This is what we use of them.
declare module 'mongodb-connection-string-url' {
  /** A connection string, taken apart as `URL` does it. `host`, `hostname` and `port` throw: there are `hosts`. */
  export class ConnectionString extends URL {
    /** @throws Error when it is none; the message may quote it */
    constructor(uri: string, options?: { looseValidation?: boolean });
    get isSRV(): boolean;
    get hosts(): string[];
    set hosts(list: string[]);
    clone(): ConnectionString;
    /** A copy with stars for user and password. */
    redact(): ConnectionString;
    /** The options, under their names in whatever case. */
    typedSearchParams<Options extends object>(): URLSearchParams;
  }
  export default ConnectionString;
}
