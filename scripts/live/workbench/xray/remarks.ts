import type { InsideReport } from '../../../grader/shop-process/shop-messages.ts';
import type { SeenExchange } from './exchange.ts';
import { checkSignature, secretsOf, sessionCookieIn } from './session-cookie.ts';

/**
 * What the session middleware did not do in this exchange, and why, a sentence each. Every reason follows from evidence; without
 * evidence nothing is said.
 */
export function remarksOn(exchange: SeenExchange): string[] {
  const { inside, status, ms } = exchange;
  if (status === undefined || ms === undefined || !inside) return [];
  const { events } = inside.facts;
  if (!inside.call) return withoutSession(exchange);
  if (events.includes('no session: path')) {
    return [
      `The session middleware passed: this path is outside of the cookie’s path, ${inside.call.cookie.path ?? '/'}.`,
    ];
  }
  if (events.includes('no session: error'))
    return ['The store gave an error, so this request got no session. What is said then is up to the shop.'];
  const second = events.includes('second session()')
    ? ['session() was called twice for this request: the second one found a session, and did nothing.']
    : [];
  return [
    ...second,
    ...onTheSentCookie(exchange),
    ...onWriting(exchange, inside),
    ...onSetCookie(exchange, inside),
  ];
}

function withoutSession({ isAsset, inside }: SeenExchange): string[] {
  // The session comes from other code.
  if (inside?.store !== undefined && inside.id !== undefined) return [];
  return [
    isAsset
      ? 'The session middleware did not run: this file is served above it, so it costs no look into the store.'
      : 'The session middleware did not run: nothing above this route calls session().',
  ];
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
  if (exchange.inside?.store === 'MemoryStore') {
    return [
      'The signature holds, and the MemoryStore of this process knows no session of that ID: it ended, was deleted, or is in another process or a database, which was not asked. The shopper gets a new, empty one.',
    ];
  }
  return [
    'The signature holds, and the store has no session of that ID: it ended, or was deleted. The shopper gets a new, empty one.',
  ];
}

const asked = ({ inside, commands }: SeenExchange) =>
  inside?.store === 'MemoryStore' || commands.some(({ writes, result }) => !writes && result === 'found 0');

function onWriting(
  { before, after, commands }: SeenExchange,
  { facts, call, ...inside }: InsideReport,
): string[] {
  // express-session saves by the session's own method, also when nobody called it.
  if (facts.events.some((event) => /^(?:save|destroy|regenerate)\b/.test(event))) return [];
  if (facts.session === 'null' && before && after)
    return ['Nothing was written: req.session is null, and what the store has stays as it was.'];
  if (!before && !after) {
    return facts.keys?.length === 0 && call?.saveUninitialized === 'false'
      ? ['Nothing was stored: nothing was put into the session, and saveUninitialized is false.']
      : [];
  }
  if (!before || !after || before.id !== after.id || call?.resave !== 'false') return [];
  return [
    `The session was not written: nothing in it changed, and resave is false. ${onTouch({ before, after, commands }, inside)}`,
  ];
}

/** What happened to the expiry of a session that was not written. */
function onTouch(
  { before, after, commands }: Pick<SeenExchange, 'before' | 'after' | 'commands'>,
  { store, hasTouch }: Pick<InsideReport, 'store' | 'hasTouch'>,
): string {
  if (!hasTouch) return 'The store has no touch, so the end of the document did not move either.';
  const written = commands.find(({ writes }) => writes);
  if (written) return `Its end was moved by the store’s touch: ${written.name.split(' ')[0]}.`;
  if (store !== 'MemoryStore') return 'The store has a touch, and it sent nothing to the database.';
  return before?.ends === after?.ends
    ? 'It names no end, so the store’s touch had none to move.'
    : 'Its end was moved by the store’s touch, in memory.';
}

function onSetCookie(
  { cookie, setCookies, after, dropped }: SeenExchange,
  { facts, call }: InsideReport,
): string[] {
  const set = setCookies.find((line) => sessionCookieIn(line.split(';')[0] ?? ''));
  const lost = dropped.find(({ line }) => line === set);
  if (lost) return [`The browser threw the cookie away: ${lost.rule}.`];
  if (set || !after) return [];
  if (facts.cookie?.secure && !facts.secured) {
    return [
      'The session is stored and its cookie was not sent: it is Secure, and to Express this request came by plain http. Behind a TLS proxy, trust proxy says otherwise.',
    ];
  }
  if (!sessionCookieIn(cookie) || call?.rolling === 'true') return [];
  return ['No Set-Cookie: the browser has this cookie already, and rolling is false.'];
}
