import type { Exchange } from '#grader/check/exchange.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { SessionHome } from './session-home.ts';

// What most likely went wrong where a store does not do what earlier lessons asked.

/** Why an answer that came while the store was away is not a 503. */
export function likelyDishonest({ name }: Pick<SessionHome, 'name'>, { status, sent }: Exchange): string {
  if (status === 500) {
    return `500 says that the shop is broken. It is not: ${name} is away. guarded() makes a 503 of it, for either store.`;
  }
  if (status < 400 && sent.startsWith('POST')) {
    return 'The shop said yes, and what it stored is not where it was told to keep it. A second store that jumps in splits the shoppers: what one holds, the other does not know. Let the error come through, as a 503.';
  }
  if (status < 400) {
    return 'Ann has a cart, and was shown none: that Redis is away was taken for "there is no such session". Let the error come through, as a 503.';
  }
  return `${name} is away, which is nobody’s mistake and soon over: that is a 503.`;
}

/** Why a shop whose store is there says that it is away. */
export function likelyNeverThere(stage: Stage, { name }: SessionHome): string {
  if (name === 'Redis' && !stage.says(/\.connect\(\)/)) {
    return 'A client that was created is not connected: that is another call, client.connect().';
  }
  return `${name} is there, and the shop says that it is away. Is its address the one in config?`;
}

/** Why a session is not where it should be. */
export function likelyElsewhere({ name }: SessionHome, document: unknown): string {
  if (name === 'MongoDB') return 'config.store says mongodb, and the session is not there.';
  if (document) return 'config.store says redis, and the session is a document in MongoDB.';
  return 'The shop said yes, and there is no key of this name. The lesson asks for sess:<id>, which is what connect-redis makes of its own accord.';
}

/** Why the store ends a session at another time than its cookie. */
export function likelyWrongEnd({ name }: SessionHome, left: number): string {
  if (name === 'Redis' && !Number.isFinite(left)) {
    return 'Nothing ends this key: it stays in memory for ever. Leave disableTTL alone, or give SET an expiration.';
  }
  if (name === 'Redis') {
    return 'The key ends at another time than the cookie. Left alone, connect-redis takes the end from session.cookie.expires; a ttl of its own is for cookies without an end.';
  }
  return 'The session ends at another time in the store than in the cookie.';
}

/** Why a look did not move the end. */
export function likelyUnmoved({ name }: SessionHome): string {
  if (name === 'Redis') {
    return 'Ada looked, and the key ends when it would have ended anyway. A touch is an EXPIRE: leave disableTouch alone, and touch() to the store.';
  }
  return 'Ada looked, and the document ends when it would have ended anyway: its touch() is gone.';
}
