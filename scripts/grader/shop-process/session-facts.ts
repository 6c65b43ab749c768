/** One call of session(), by its options: undefined when left out, else as String() makes them, a text in the first three in quotes. */
export interface SessionCall {
  readonly resave: string | undefined;
  readonly saveUninitialized: string | undefined;
  readonly rolling: string | undefined;
  /** It was called with a request in place of options: app.use(session). */
  readonly isUncalled?: true;
  /** The name of its class. */
  readonly store: string | undefined;
  /** Whether the store has a touch by now. session() has looked for it once, when it was called. */
  readonly touches: boolean;
  readonly name: string | undefined;
  /** The names of options that session() does not have. */
  readonly unknown: readonly string[];
  readonly cookie: {
    /** In milliseconds; its type when it is no number. */
    readonly maxAge: number | string | undefined;
    readonly secure: string | undefined;
    readonly path: string | undefined;
    readonly domain: string | undefined;
    readonly sameSite: string | undefined;
  };
}

/** What happened to req.session in one request. */
export interface RequestFacts {
  /** The shopper's side of the connection: each request has one of its own. */
  readonly port: number;
  /** 'POST /cart' */
  readonly request: string;
  /**
   * In the order in which they came: 'session' when session() set one, 'no session: path' when cookie.path is another one, 'second
   * session()', 'regenerate', 'regenerate done', 'save', 'save failed' …, 'end' when the answer was ended. What is saved after that,
   * express-session saves by itself.
   */
  readonly events: string[];
  /** When the answer ended: none, set to null, express-session's own, or an object of the answer's. */
  readonly session?: 'none' | 'null' | 'there' | 'replaced';
  /** Whether its ID is a text: express-session ignores a session with another one. */
  readonly hasId?: boolean;
  /** Its keys, without its cookie. */
  readonly keys?: readonly string[];
  /** Values that a store gives back as something else: 'cart: a Map'. */
  readonly odd?: readonly string[];
  readonly cookie?: {
    readonly secure: boolean;
    readonly path: string;
    readonly domain: string | undefined;
    /** In milliseconds since 1970; null for an invalid Date. */
    readonly expires: number | null | undefined;
  };
  /** Whether the request came by https, as far as Express believes. */
  readonly secured?: boolean;
  /** For a POST: how many fields its body has, or that nothing parsed it. */
  readonly formFields?: number | 'unread';
  /**
   * The error that express-session passed on after the answer was ended: it could not write its cookie, or its store refused the session. The
   * error's message, without session and ID.
   */
  readonly error?: string;
}

/** What was seen of sessions in a shop process. It chooses words, and never a verdict: an answer could make it up. */
export interface SessionFacts {
  readonly calls: readonly SessionCall[];
  readonly requests: readonly RequestFacts[];
  /** The methods of stores that were called and have not called back: 'get', or 'get, returned a promise'. */
  readonly waitingFor: readonly string[];
  /** The addresses where the driver of a store finds no MongoDB: 'localhost:27017'. */
  readonly unreached: readonly string[];
}
