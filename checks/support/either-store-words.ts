import type { Exchange } from '#grader/check/exchange.ts';
import type { SessionHome } from './session-home.ts';

// Likely reasons why a store does not do what earlier lessons taught.

/** Why an answer that came while the store was away is not a 503. @param inMongo whether its session is a document in MongoDB */
export function likelyDishonest(
  { name }: Pick<SessionHome, 'name'>,
  { status, sent }: Exchange,
  inMongo: boolean,
): string {
  if (status === 500) {
    return `500 says that the shop is broken. It is not: ${name} is away. guarded() makes a 503 of it, for either store.`;
  }
  if (status < 400 && sent.startsWith('POST')) {
    return inMongo && name === 'Redis'
      ? 'Redis is away, and the session is a document in MongoDB. Either the store is one in MongoDB, though config.store says redis, or one there jumps in. A second store that jumps in splits the shoppers: what one holds, the other does not know. The only store is the one that config names, and its error comes through, as a 503.'
      : `The shop said yes, and ${name}, where it was told to keep the session, is away: it is in a memory of the process, or nowhere. Let the error come through, as a 503.`;
  }
  if (status < 400) {
    return `Ann has a cart, and was shown none: that ${name} is away was taken for "there is no such session". Let the error come through, as a 503.`;
  }
  return `${name} is away, which is nobody’s mistake and soon over: that is a 503.`;
}

/** Why a shop says that its store is away when it is there. */
export function likelyNeverThere({ name, line }: SessionHome): string {
  if (name === 'Redis' && line.connections === 0) {
    return 'Nobody has come to this Redis. A client that was created is not connected: that is another call, client.connect(). Or it has another address: without a url it goes to localhost.';
  }
  if (name === 'Redis')
    return 'A client has come to this Redis, and the store says that Redis is away. Is this client the one that the store uses: new RedisStore({ client }), under this name? Or is its limit of time too short?';
  return `${name} is there, and the shop says that it is away. Is its address the one in config?`;
}

/** Why a shop whose client was connected once says that its store is away. @param now the state of the store: 'back' */
export function likelyGivenUp({ name }: SessionHome, now: 'there' | 'back'): string {
  return `${name} is ${now}, and the shop does not find it: its client has given up. A reconnectStrategy that returns a number tries again; the default gives up after a socketTimeout, false at once.`;
}

/** Why a session is in MongoDB, and config.store says redis. */
export const LIKELY_IN_MONGODB =
  'config.store says redis, and the session is a document in MongoDB: the store is one in MongoDB all the same. createStore() looks at config.store, and at nothing else, and what createRedisStore() returns is a store in Redis.';

/** Why a session is not where it should be. */
export function likelyElsewhere({ name }: SessionHome, document: unknown): string {
  if (name === 'MongoDB') return 'config.store says mongodb, and the session is not there.';
  if (document) return LIKELY_IN_MONGODB;
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

/** Why a page that only reads did not move the end. */
export function likelyUnmoved({ name }: SessionHome): string {
  if (name === 'Redis') {
    return 'Ada looked, and the key ends when it would have ended anyway. A touch is an EXPIRE: leave disableTouch alone, and touch() to the store.';
  }
  return 'Ada looked, and the document ends when it would have ended anyway: its touch() is gone.';
}

/** Where a store is made to answer when its database does not. */
export const GUARD = /guarded\(/;

/** Where it is decided in which store, or under which key, a session is stored. */
export function placesOfStoring({ name }: SessionHome, document: unknown): readonly RegExp[] {
  return name === 'Redis' && !document
    ? [/prefix/, /new \w*Store\w*\(/]
    : [/createMongoStore\(/, /config\.store/];
}

/** Where a client gets the address of its server. */
export function placesOfConnecting({ name, line }: SessionHome): readonly RegExp[] {
  return name === 'Redis' && line.connections === 0 ? [/\.connect\(/, /createClient\(/] : [/\burl:|redisUrl/];
}
