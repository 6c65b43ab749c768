import session, { type SessionData, type Store } from 'express-session';
import { httpError } from '#shop/http-error.ts';

// What lesson 10 asked of one store, for any of them.

/** A store that can be closed: it lets go of its database, for good. */
export type SessionStore = Store & { close(): Promise<void> };

type Callback = (error?: unknown, data?: SessionData | null) => void;

/** A session larger than this, as JSON, is not stored: in bytes. */
const SESSION_BUDGET = 4096;

/**
 * Puts a guard in front of a store: a session over the budget is not stored, errors quote nothing, and every call is
 * answered.
 * @param limit how long the store's own client may wait, in milliseconds
 */
export function guarded(store: SessionStore, limit = 2000): SessionStore {
  return new GuardedStore(store, limit);
}

class GuardedStore extends session.Store {
  /** Where the sessions are. */
  readonly store: SessionStore;
  readonly #limit: number;

  constructor(store: SessionStore, limit: number) {
    super();
    this.store = store;
    // Twice, because a client with limits of its own may try a second time, and knows better what went wrong.
    this.#limit = 2 * limit;
  }

  override get(id: string, callback: Callback): void {
    this.store.get(id, discreet(callback, this.#limit));
  }

  override set(id: string, data: SessionData, callback?: Callback): void {
    const size = Buffer.byteLength(JSON.stringify(data));
    if (size <= SESSION_BUDGET) this.store.set(id, data, discreet(callback, this.#limit));
    else callback?.(httpError(413, `A session of ${size} bytes is over the budget.`));
  }

  override destroy(id: string, callback?: Callback): void {
    this.store.destroy(id, discreet(callback, this.#limit));
  }

  override touch(id: string, data: SessionData, callback?: Callback): void {
    this.store.touch?.(id, data, discreet(callback, this.#limit));
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

/** Calls back once: as the store does, but with an error that quotes nothing; with that error, too, when time is up. */
function discreet(callback: Callback = () => {}, limit: number): Callback {
  const answer: Callback = (error, data) => {
    clearTimeout(timer);
    const first = callback;
    callback = () => {};
    first(error && httpError(503, 'The session store does not answer.'), data);
  };
  const timer = setTimeout(answer, limit, true);
  return answer;
}
