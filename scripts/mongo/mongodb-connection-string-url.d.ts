// The package has types, but not where TypeScript looks for those of an ES module. These are the ones used here.
declare module 'mongodb-connection-string-url' {
  /** A connection string, taken apart as `URL` does it. `host`, `hostname` and `port` throw: there are `hosts`. */
  export class ConnectionString extends URL {
    /** @throws Error when it is not a connection string; the message may quote it */
    constructor(uri: string, options?: { looseValidation?: boolean });
    get isSRV(): boolean;
    get hosts(): string[];
    set hosts(list: string[]);
    clone(): ConnectionString;
    /** A copy with stars for user and password. */
    redact(): ConnectionString;
    /** The options, by names without case. */
    typedSearchParams<Options extends object>(): URLSearchParams;
  }
  export default ConnectionString;
}
