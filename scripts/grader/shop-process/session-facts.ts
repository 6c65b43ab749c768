/** One call of session(), by its options. An option that was left out is undefined, the others are as String() has them. */
export interface SessionCall {
  readonly resave: string | undefined;
  readonly saveUninitialized: string | undefined;
  readonly rolling: string | undefined;
  /** The name of its class. */
  readonly store: string | undefined;
  /** Whether the store has a touch by now. session() has looked for it once, when it was called. */
  readonly touches: boolean;
  readonly name: string | undefined;
  readonly cookie: {
    /** In milliseconds; the type of what is no number. */
    readonly maxAge: number | string | undefined;
    readonly secure: string | undefined;
    readonly path: string | undefined;
    readonly domain: string | undefined;
    readonly sameSite: string | undefined;
  };
}

/** What became of req.session in one request. */
export interface RequestFacts {
  /** The shopper's side of the connection: each request has one of its own. */
  readonly port: number;
  /** 'POST /cart' */
  readonly request: string;
  /**
   * In the order in which they came: 'session' when session() made one, 'no session: path' when cookie.path is another one, 'second
   * session()', 'regenerate', 'regenerate done', 'save', 'save failed' …, 'end' when the answer was ended. What is saved after that,
   * express-session saves by itself.
   */
  readonly events: string[];
  /** At the answer: none, set to null, express-session's own, or an object of the answer's. */
  readonly session?: 'none' | 'null' | 'there' | 'replaced';
  /** What was in it, but for its cookie. */
  readonly keys?: readonly string[];
  /** What a store gives back as something else: 'cart: a Map'. */
  readonly odd?: readonly string[];
  readonly cookie?: {
    readonly secure: boolean;
    readonly path: string;
    readonly domain: string | undefined;
    /** In milliseconds since 1970; NaN is null here. */
    readonly expires: number | null | undefined;
  };
  /** Whether the request came by https, as far as Express believes. */
  readonly secured?: boolean;
  /** Of a form: how many fields were read, or that nothing read it. */
  readonly formFields?: number | 'unread';
}

/** What was seen of sessions in a shop process. It chooses words, and never a verdict: an answer could make it up. */
export interface SessionFacts {
  readonly calls: readonly SessionCall[];
  readonly requests: readonly RequestFacts[];
}
