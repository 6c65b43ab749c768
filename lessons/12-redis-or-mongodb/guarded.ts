import type { SessionData, Store } from 'express-session';
import { httpError } from '#shop/http-error.ts';

// What lesson 10 asked of one store, for any of them.

/** A store that can be closed: it lets go of its database, for good. */
export type SessionStore = Store & { close(): Promise<void> };

/** A session larger than this, as JSON, is not stored: in bytes. */
const SESSION_BUDGET = 4096;

/**
 * The same store, honest and discreet: a session over the budget is not stored, errors quote nothing, and whoever asks
 * gets an answer.
 * @param limit how long the store's own client may wait, in milliseconds
 */
export function guarded(store: SessionStore, limit = 2000): SessionStore {
  const { get, set, destroy, touch } = store;
  // Twice, because a client with limits of its own may try a second time, and knows better what went wrong.
  const answered = (callback?: Callback) => discreet(callback, 2 * limit);
  store.get = (id, callback) => get.call(store, id, answered(callback));
  store.destroy = (id, callback) => destroy.call(store, id, answered(callback));
  store.touch = (id, data, callback) => touch?.call(store, id, data, answered(callback));
  store.set = (id, data, callback) => {
    const size = Buffer.byteLength(JSON.stringify(data));
    if (size <= SESSION_BUDGET) set.call(store, id, data, answered(callback));
    else callback?.(httpError(413, `A session of ${size} bytes is over the budget.`));
  };
  return store;
}

type Callback = (error?: unknown, data?: SessionData | null) => void;

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
