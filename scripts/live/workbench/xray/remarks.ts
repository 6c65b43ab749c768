import type { SeenExchange } from './exchange.ts';
import { checkSignature, secretsOf, sessionCookieIn } from './session-cookie.ts';

/**
 * What the session middleware did not do in this exchange, and why, a sentence each. Every reason follows from what was seen; where
 * nothing decides, nothing is said.
 */
export function remarksOn(exchange: SeenExchange): string[] {
  const { inside, status, isAsset } = exchange;
  if (status === undefined) return [];
  if (!inside) return [];
  if (!inside.ran) {
    return [
      isAsset
        ? 'The session middleware did not run: this file is served above it, so it costs no look into the store.'
        : 'The session middleware did not run: nothing above this route calls session().',
    ];
  }
  return [...onTheSentCookie(exchange), ...onWriting(exchange), ...onSetCookie(exchange)];
}

function onTheSentCookie(exchange: SeenExchange): string[] {
  const sent = sessionCookieIn(exchange.cookie);
  if (!sent) return [];
  if (!checkSignature(sent, secretsOf(exchange)).holds) {
    return [
      'The store was not asked: the signature does not hold, so the ID may be anybody’s invention. The shopper gets a new, empty session.',
    ];
  }
  if (exchange.before || !asked(exchange)) return [];
  return [
    'The signature holds, and the store has no session of that ID: it ended, or was deleted. The shopper gets a new, empty one.',
  ];
}

const asked = ({ inside, commands }: SeenExchange) =>
  inside?.store === 'MemoryStore' || commands.some(({ writes, result }) => !writes && result === 'found 0');

function onWriting({ inside, before, after, commands }: SeenExchange): string[] {
  const wrote = commands.some(({ writes }) => writes);
  if (wrote || inside?.store === undefined) return [];
  if (!before && !after)
    return ['Nothing was stored: nothing was put into the session, and saveUninitialized is false.'];
  if (inside.store === 'MemoryStore' || !before || !after || before.id !== after.id) return [];
  const end = inside.hasTouch
    ? 'The store has a touch, and it was not called: its session has no end of its own to move.'
    : 'The store has no touch, so the end of the document did not move either.';
  return [`Nothing was written: nothing in the session changed, and resave is false. ${end}`];
}

function onSetCookie({ inside, cookie, setCookies, after, dropped }: SeenExchange): string[] {
  const set = setCookies.find((line) => sessionCookieIn(line.split(';')[0] ?? ''));
  const lost = dropped.find(({ line }) => line === set);
  if (lost) return [`The browser threw the cookie away: ${lost.rule}.`];
  if (set || !after) return [];
  if (inside?.wantsHttps && !inside.byHttps) {
    return [
      'The session is stored and its cookie was not sent: it is Secure, and to Express this request came by plain http. Behind a TLS proxy, trust proxy says otherwise.',
    ];
  }
  if (!sessionCookieIn(cookie)) return [];
  return ['No Set-Cookie: the browser has this cookie already, and rolling is false.'];
}
